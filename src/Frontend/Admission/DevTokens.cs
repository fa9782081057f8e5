using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Interactions.Frontend.Settings;
using Interactions.Frontend.Transports.Listener;

namespace Interactions.Frontend.Admission;

/// <summary>Gives tokens to people who try the service out on their own machine (<c>Auth:Dev</c>).</summary>
internal sealed class DevTokens(AuthOptions auth, SharedKey key, TimeProvider time)
{
    public const string Path = "/v1/dev/tokens";

    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);

    /// <summary>Without it, the call does not exist.</summary>
    public bool IsEnabled => auth.Dev && key.Exists;

    /// <summary>
    /// Whether the request comes from this machine and from nowhere behind it: both ends of the socket are loopback, so is
    /// <c>Host</c> (a web page elsewhere could have a name of its own resolve to us), no page of another site asks, and no proxy has
    /// left its mark. Many proxies speak HTTP/1.0 and leave no other.
    /// </summary>
    public static bool IsLocal(HttpContext context)
    {
        var request = context.Request;
        return LoopbackHost.IsLoopback(context.Connection.RemoteIpAddress) && LoopbackHost.IsLoopback(context.Connection.LocalIpAddress)
            && LoopbackHost.IsLoopback(request.Host) && !HttpProtocol.IsHttp10(request.Protocol) && IsOwnPageOrNone(request)
            && context.Features.Get<ProxyPreamble>() is null && !ProxyMarks.AreOn(request.Headers);
    }

    // Whatever Cors:Origins allows: that is for watching and sending, with a token. Browsers send Origin with every POST, and newer ones
    // say what it amounts to (https://www.w3.org/TR/fetch-metadata/).
    private static bool IsOwnPageOrNone(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"];
        if (site.Count > 0 && site.ToString() is not ("same-origin" or "none")) return false;
        var origin = request.Headers.Origin;
        if (origin.Count == 0) return true;
        return Uri.TryCreate(origin.ToString(), UriKind.Absolute, out var page) && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own)
            && string.Equals(page.GetLeftPart(UriPartial.Authority), origin.ToString().TrimEnd('/'), StringComparison.OrdinalIgnoreCase)
            && (page.Scheme, page.Host, page.Port) == (own.Scheme, own.Host, own.Port);
    }

    /// <summary>Reads <c>{"sub","name","role","streams"}</c>, all but <c>sub</c> optional.</summary>
    public bool TryIssue(JsonElement body, [NotNullWhen(true)] out string? token, out string problem)
    {
        token = null;
        problem = "The body has to be an object.";
        if (body.ValueKind != JsonValueKind.Object) return false;
        try
        {
            if (TokenClaims.ReadPerson(body, 0, out problem) is not { } person) return false;
            token = Issue(person.User, person.Name, person.Role, person.Streams);
            return true;
        }
        catch (InvalidOperationException)
        {
            problem = "The body has text that is not valid Unicode.";
            return false;
        }
    }

    /// <summary>Signs a token for <see cref="Lifetime"/>.</summary>
    /// <param name="streams">Null = every stream.</param>
    /// <exception cref="InvalidOperationException">There is no key to sign with.</exception>
    public string Issue(string sub, string? name, Role role, IReadOnlyList<string>? streams)
    {
        if (key.Bytes is not { } secret) throw new InvalidOperationException("Tokens can't be given without Auth:Dev or Auth:Key.");
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("sub"u8, sub);
            if (name is not null) json.WriteString("name"u8, name);
            json.WriteString("role"u8, role.Text());
            if (streams is not null)
            {
                json.WriteStartArray("streams"u8);
                foreach (var stream in streams) json.WriteStringValue(stream);
                json.WriteEndArray();
            }

            // What the service itself asks of tokens, so that it believes its own.
            if (auth.Issuer is { } issuer) json.WriteString("iss"u8, issuer);
            if (auth.Audience is { } audience) json.WriteString("aud"u8, audience);
            json.WriteNumber("exp"u8, (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds());
            json.WriteEndObject();
        }

        var signed = $"{Header}.{Base64Url.EncodeToString(buffer.WrittenSpan)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
    }
}
