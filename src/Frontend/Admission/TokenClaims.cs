using System.Text.Json;
using Interactions.Contracts;
using Interactions.Contracts.Text;
using Interactions.Frontend.Api;
using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Admission;

/// <summary>Reads the claims of docs/protocol.md from a payload whose signature is good. Every claim is checked for its type; null is as good as absent.</summary>
internal static class TokenClaims
{
    /// <summary>In Unicode code points.</summary>
    public const int MaxNameLength = 64;

    /// <summary>9999-12-31, in seconds since 1970: anything later is a mistake in units.</summary>
    public const long MaxTime = 253_402_300_799;

    public const string Expired = "The token has expired.";

    /// <returns>Null, and what is wrong.</returns>
    public static Identity? Read(ReadOnlyMemory<byte> utf8, AuthOptions auth, DateTimeOffset now, out string problem)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8, CompactToken.StrictJson);
            return Read(document.RootElement, auth, now, out problem);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            problem = "The token's claims are not a JSON object with every name once.";
            return null;
        }
    }

    private static Identity? Read(JsonElement claims, AuthOptions auth, DateTimeOffset now, out string problem)
    {
        problem = "The token's claims are not a JSON object.";
        if (claims.ValueKind != JsonValueKind.Object) return null;

        problem = "The token's exp is missing or not a time in seconds.";
        if (!claims.TryGetProperty("exp", out var exp) || Milliseconds(exp) is not { } expires) return null;
        problem = Expired;
        var leeway = auth.LeewaySeconds * 1000L;
        expires += leeway;
        if (now.ToUnixTimeMilliseconds() >= expires) return null;

        problem = "The token's nbf is not a time in seconds.";
        if (!Shape.IsAbsent(claims, "nbf", out var nbf))
        {
            if (Milliseconds(nbf) is not { } begins) return null;
            problem = "The token is not valid yet.";
            if (now.ToUnixTimeMilliseconds() + leeway < begins) return null;
        }

        problem = "The token's iss is not the one expected.";
        if (auth.Issuer is { } issuer && (!claims.TryGetProperty("iss", out var iss) || iss.ValueKind != JsonValueKind.String || !iss.ValueEquals(issuer))) return null;
        problem = "The token's aud does not name this service.";
        if (auth.Audience is { } audience && (!claims.TryGetProperty("aud", out var aud) || !IsFor(aud, audience))) return null;

        return ReadPerson(claims, expires, out problem);
    }

    /// <summary><c>sub</c>, <c>name</c>, <c>role</c> and <c>streams</c> alone.</summary>
    public static Identity? ReadPerson(JsonElement claims, long expiresAtMs, out string problem)
    {
        problem = $"sub has to be 1-{UserIds.MaxLength} of A-Z a-z 0-9 _ - . @";
        if (!claims.TryGetProperty("sub", out var sub) || sub.ValueKind != JsonValueKind.String || !UserIds.IsValid(sub.GetString())) return null;
        var user = sub.GetString()!;

        problem = $"name has to be text of at most {MaxNameLength} characters";
        var name = user;
        if (!Shape.IsAbsent(claims, "name", out var shown))
        {
            if (shown.ValueKind != JsonValueKind.String || CodePoints.Count(shown.GetString()!) > MaxNameLength) return null;
            name = DisplayNames.Clean(shown.GetString()!) ?? user;
        }

        problem = "role has to be viewer, moderator, broadcaster or admin";
        var role = Role.Viewer;
        if (!Shape.IsAbsent(claims, "role", out var said) && (said.ValueKind != JsonValueKind.String || !Roles.TryParse(said.GetString(), out role))) return null;

        problem = "streams has to be a list of stream ids or prefix*";
        List<string>? streams = null;
        if (!Shape.IsAbsent(claims, "streams", out var list))
        {
            if (list.ValueKind != JsonValueKind.Array) return null;
            streams = [];
            foreach (var one in list.EnumerateArray())
            {
                if (one.ValueKind != JsonValueKind.String || !IsPattern(one.GetString()!)) return null;
                streams.Add(one.GetString()!);
            }
        }

        problem = "";
        return new Identity(user, name, role, streams, expiresAtMs);
    }

    private static bool IsPattern(string text) =>
        StreamIds.IsValid(text) || text is "*" || (text.EndsWith('*') && StreamIds.IsValid(text[..^1]));

    private static bool IsFor(JsonElement aud, string audience) => aud.ValueKind switch
    {
        JsonValueKind.String => aud.ValueEquals(audience),
        JsonValueKind.Array => aud.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(audience)),
        _ => false,
    };

    // A NumericDate may have a fraction (RFC 7519, 2).
    private static long? Milliseconds(JsonElement time) =>
        time.ValueKind == JsonValueKind.Number && time.TryGetDouble(out var seconds) && seconds is >= 0 and <= MaxTime
            ? (long)(seconds * 1000)
            : null;
}
