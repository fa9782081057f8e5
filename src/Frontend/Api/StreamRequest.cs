using Interactions.Contracts;
using Interactions.Contracts.Grains;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Feeds;

namespace Interactions.Frontend.Api;

/// <summary>The first steps of every call on a stream: id, token, whether it is there. Answers errors itself.</summary>
internal sealed class StreamRequest(Gatekeeper gate, StreamFeeds feeds)
{
    /// <returns>False when the request is answered.</returns>
    public async Task<(bool Ok, Identity? Identity)> AdmitAsync(HttpContext http, string id)
    {
        if (gate.TryWatch(http, id, out var identity, out var refusal)) return (true, identity);
        await Problem.WriteAsync(http, refusal.Code, refusal.Detail);
        return (false, null);
    }

    /// <summary>For calls that need a token.</summary>
    public async Task<Identity?> IdentifyAsync(HttpContext http, string id)
    {
        var refusal = new Refusal(Code.BadRequest, "A stream's id is 1-64 of A-Z a-z 0-9 _ -.");
        if (StreamIds.IsValid(id) && gate.TryIdentify(http, out var identity, out refusal))
        {
            if (identity is null) refusal = new(Code.Unauthorized, "A token is needed.");
            else if (identity.Covers(id)) return identity;
            else refusal = new(Code.Forbidden, "The token is not for this stream.");
        }

        await Problem.WriteAsync(http, refusal.Code, refusal.Detail);
        return null;
    }

    /// <summary>What decides who may do what on the stream; null when 404 is answered.</summary>
    public async Task<StreamInfo?> FindAsync(HttpContext http, string id)
    {
        if (await feeds.FindAsync(id, http.RequestAborted) is { } stream) return stream;
        await RefuseAsync(http, Code.NotFound);
        return null;
    }

    /// <summary>The stream itself.</summary>
    public IStreamGrain Grain(string id) => feeds.Grain(id);

    /// <summary>Answers what a grain said instead of what it was asked for: the one mapping of its codes.</summary>
    public static Task RefuseAsync(HttpContext http, Code code) => Problem.WriteAsync(http, code, code == Code.NotFound ? Failure.NoSuchStream : null);
}
