using System.Net.Http.Headers;
using System.Text;

namespace Interactions.Tests.EndToEnd.BadInput;

/// <summary>One request that has to be refused.</summary>
/// <param name="Kind">What is wrong with it, for the message of a failure.</param>
/// <param name="Token">Sent as a bearer token, unless null.</param>
/// <param name="Body">Sent as it is, unless null.</param>
/// <param name="Status">What is answered; 200 means that the item is rejected with <paramref name="Code"/>.</param>
/// <param name="Code">The documented code.</param>
internal sealed record BadRequest(
    string Kind, HttpMethod Method, string Path, string? Token, byte[]? Body, int Status, string Code, string ContentType = "application/json")
{
    private const string Send = $"streams/{Cast.Stream}/interactions";

    /// <summary>The next one of a seeded series.</summary>
    public static BadRequest Next(Random random, Cast cast)
    {
        BadRequest Post(string kind, byte[] body, int status, string code, string? token = null) =>
            new(kind, HttpMethod.Post, Send, token ?? cast.Viewer, body, status, code);
        return random.Next(13) switch
        {
            0 or 1 or 2 => Post("wrong shape", Encoding.UTF8.GetBytes(BadJson.WrongShape(random)), 400, "bad_request"),
            3 => Post("broken JSON", BadJson.Broken(random), 400, "bad_request"),
            4 => Post("invalid UTF-8", BadJson.InvalidUtf8(random), 400, "bad_request"),
            5 => Post("deep nesting", Encoding.UTF8.GetBytes(BadJson.Deep(random)), 400, "bad_request"),
            6 => Post("huge", Encoding.UTF8.GetBytes(BadJson.Huge(random)), 413, "too_large"),
            7 => Post("bad token", "{\"type\":\"unpin\"}"u8.ToArray(), 401, "unauthorized", BadTokens.Pick(random)),
            8 => Post("viewer as moderator", Encoding.UTF8.GetBytes(ForeignItem(random)), 200, "forbidden", random.Next(2) == 0 ? cast.Viewer : cast.OtherBroadcaster),
            9 => ForeignStream(random, cast),
            10 => Settings(random, cast),
            11 => Query(random, cast),
            _ => Resource(random, cast),
        };
    }

    public HttpRequestMessage ToMessage(Uri service)
    {
        var message = new HttpRequestMessage(Method, new Uri(service, "v1/" + Path));
        if (Token is not null) message.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Token);
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        }

        return message;
    }

    public override string ToString()
    {
        var body = Body is null ? "" : Encoding.UTF8.GetString(Body, 0, Math.Min(Body.Length, 200));
        return $"{Kind}: {Method} {Path} {ContentType} {body}";
    }

    private static string ForeignItem(Random random) => BadJson.Pick(random,
    [
        "{\"type\":\"cue\",\"name\":\"goal\"}", "{\"type\":\"unpin\"}", "{\"type\":\"ban\",\"user\":\"owner\",\"seconds\":60,\"shadow\":false}",
        "{\"type\":\"unban\",\"user\":\"viewer\"}", "{\"type\":\"poll\",\"id\":\"p\",\"question\":\"?\",\"choices\":[\"a\",\"b\"]}", "{\"type\":\"closePoll\",\"id\":\"p\"}",
    ]);

    private static BadRequest ForeignStream(Random random, Cast cast)
    {
        var token = random.Next(3) switch { 0 => cast.Viewer, 1 => cast.ElsewhereModerator, _ => cast.OtherBroadcaster };
        return random.Next(5) switch
        {
            0 => new("another's settings", HttpMethod.Put, $"streams/{Cast.Stream}", token, "{\"title\":\"taken over\"}"u8.ToArray(), 403, "forbidden"),
            1 => new("another's start", HttpMethod.Post, $"streams/{Cast.Stream}/start", token, null, 403, "forbidden"),
            2 => new("another's end", HttpMethod.Post, $"streams/{Cast.Stream}/end", token, null, 403, "forbidden"),
            3 => new("another's deletion", HttpMethod.Delete, $"streams/{Cast.Stream}", token, null, 403, "forbidden"),
            _ => new("another's log", HttpMethod.Get, $"streams/{Cast.Stream}/log", token, null, 403, "forbidden"),
        };
    }

    private static BadRequest Settings(Random random, Cast cast)
    {
        var body = BadJson.Pick(random,
        [
            "[]", "17", "null", "{\"title\":17}", "{\"reactions\":\"like\"}", "{\"reactions\":[]}", "{\"reactions\":[1]}", "{\"reactions\":[\"a\",\"a\"]}", "{\"tap\":\"yes\"}",
            "{\"slowModeSeconds\":-1}", "{\"slowModeSeconds\":1.5}", "{\"maxCommentLength\":0}", "{\"maxCommentLength\":\"many\"}", "{\"roster\":1}", "{\"title\":", "{\"title\":\"\\ud800\"}",
        ]);
        return new("settings of the wrong shape", HttpMethod.Put, $"streams/{Cast.Stream}", cast.Owner, Encoding.UTF8.GetBytes(body), 400, "bad_request");
    }

    private static BadRequest Query(Random random, Cast cast)
    {
        var path = BadJson.Pick(random,
        [
            "streams?limit=0", "streams?limit=-1", "streams?limit=many", "streams?limit=99999999999999", "streams?status=asleep",
            $"streams/{Cast.Stream}/comments?limit=0", $"streams/{Cast.Stream}/comments?limit=1e3", $"streams/{Cast.Stream}/timeline?step=0",
            $"streams/{Cast.Stream}/timeline?step=x", $"streams/{Cast.Stream}/log?after=nowhere", $"streams/{Cast.Stream}/log?limit=-5",
        ]);
        return new("wrong query", HttpMethod.Get, path, cast.Owner, null, 400, "bad_request");
    }

    private static BadRequest Resource(Random random, Cast cast) => random.Next(8) switch
    {
        0 => new("unknown stream", HttpMethod.Get, "streams/nobody-made-this", cast.Viewer, null, 404, "not_found"),
        1 => new("unknown stream", HttpMethod.Post, "streams/nobody-made-this/interactions", cast.Viewer, "{\"type\":\"unpin\"}"u8.ToArray(), 404, "not_found"),
        2 => new("unknown stream", HttpMethod.Get, "streams/nobody-made-this/events", cast.Viewer, null, 404, "not_found"),
        3 => new("impossible id", HttpMethod.Put, "streams/" + Uri.EscapeDataString(BadJson.Pick(random, ["a b", "ä", "$streams", "a.b", new string('x', 65), "%00"])), cast.Owner, "{}"u8.ToArray(), 400, "bad_request"),
        4 => new("unknown call", HttpMethod.Get, $"streams/{Cast.Stream}/nothing", cast.Viewer, null, 404, "not_found"),
        5 => new("wrong method", new(BadJson.Pick(random, ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PURGE"])), Send, cast.Viewer, null, 405, "method_not_allowed"),
        6 => new("not JSON by name", HttpMethod.Post, Send, cast.Viewer, "type=reaction"u8.ToArray(), 415, "unsupported_media_type", "application/x-www-form-urlencoded"),
        _ => new("no token", HttpMethod.Post, Send, null, "{\"type\":\"reaction\",\"kind\":\"like\"}"u8.ToArray(), 401, "unauthorized"),
    };
}
