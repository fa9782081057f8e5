using System.Diagnostics.CodeAnalysis;
using Interactions.Contracts;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Admission;

/// <summary>Says who a request comes from and whether it may watch: the one door of every transport.</summary>
internal sealed class Gatekeeper(TokenVerifier tokens, AuthOptions auth, CorsOptions cors, StreamFeeds feeds)
{
    /// <summary>Whether the browser page that asks may; requests of other clients have no origin.</summary>
    public bool AllowsOrigin(HttpContext http) => cors.Allows(http.Request);

    public bool TryVerify(string token, [NotNullWhen(true)] out Identity? identity, out string problem) => tokens.TryVerify(token, out identity, out problem);

    /// <exception cref="Contracts.Log.LogUnavailableException">That can't be told now.</exception>
    /// <exception cref="Contracts.Log.LogDamagedException">What is stored of it is damaged.</exception>
    public async ValueTask<bool> ExistsAsync(string stream, CancellationToken cancellationToken) => await feeds.FindAsync(stream, cancellationToken) is not null;

    /// <summary>Reads the request's token: the header first, then <c>access_token</c>. No token is no refusal.</summary>
    public bool TryIdentify(HttpContext http, out Identity? identity, out Refusal refusal) => TryIdentify(tokens, http, out identity, out refusal);

    /// <summary>As <see cref="TryIdentify(HttpContext, out Identity?, out Refusal)"/>, where there are no streams to watch.</summary>
    public static bool TryIdentify(TokenVerifier tokens, HttpContext http, out Identity? identity, out Refusal refusal)
    {
        const string Bearer = "Bearer ";
        identity = null;
        refusal = default;
        var header = http.Request.Headers.Authorization;
        string? token = null;
        if (header.Count > 0)
        {
            if (header.Count > 1 || header[0] is not { } text || !text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            {
                refusal = new(Code.Unauthorized, "Authorization has to be Bearer and a token.");
                return false;
            }

            token = text[Bearer.Length..].Trim();
        }
        else if (http.Request.Query.TryGetValue("access_token", out var query))
        {
            token = query.Count == 1 ? query[0] : null;
        }
        else
        {
            return true;
        }

        refusal = new(Code.Unauthorized, "There is more than one token.");
        if (token is null) return false;
        if (tokens.TryVerify(token, out identity, out var problem)) return true;
        refusal = new(Code.Unauthorized, problem);
        return false;
    }

    /// <summary>As <see cref="TryIdentify"/>, for those who may watch: without a token only where that is allowed (<c>Auth:Anonymous</c>).</summary>
    public bool TryIdentifyWatcher(HttpContext http, out Identity? identity, out Refusal refusal)
    {
        if (!TryIdentify(http, out identity, out refusal)) return false;
        if (Permissions.IsWatcher(identity, auth)) return true;
        refusal = new(Code.Unauthorized, "A token is needed to watch.");
        return false;
    }

    /// <summary>Whether the request may watch the stream (which need not exist).</summary>
    public bool TryWatch(HttpContext http, string stream, out Identity? identity, out Refusal refusal)
    {
        identity = null;
        refusal = new(Code.BadRequest, "A stream's id is 1-64 of A-Z a-z 0-9 _ -.");
        if (!StreamIds.IsValid(stream)) return false;
        if (!TryIdentifyWatcher(http, out identity, out refusal)) return false;
        if (Permissions.CanWatch(identity, auth, stream)) return true;
        refusal = new(Code.Forbidden, "The token is not for this stream.");
        return false;
    }
}
