using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.OpenApi;

/// <summary>What the service really answers, held to what its description says.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class AnswerTests(RunningService running)
{
    [Fact]
    public async Task Real_answers_are_as_described()
    {
        var check = await CheckAsync();
        using var owner = await Client.SignInAsync(running.Process, "openapi-owner", "broadcaster");
        using var viewer = await Client.SignInAsync(running.Process, "openapi-viewer");
        using var anyone = Client.Anonymous(running.Process);
        const string Stream = "/v1/streams/{id}";

        async Task Same(Client who, HttpMethod method, string path, string suffix, int status, string? json = null)
        {
            var answer = await who.CallAsync(method, path + suffix, json);
            Assert.True(answer.Status == status, $"{method} {suffix}: {status} expected, answered {answer.Status}: {answer.Text}");
            var described = (path == "streams" ? "/v1/streams" : Stream + suffix).Split('?')[0];
            Assert.Empty(check.Faults(described, method.Method.ToLowerInvariant(), status, answer.MediaType, answer.Text.Length > 0 ? answer.Json : default));
        }

        const string Path = "streams/openapi";
        await Same(anyone, HttpMethod.Get, Path, "", 404);
        await Same(anyone, HttpMethod.Put, Path, "", 401, "{}");
        await Same(viewer, HttpMethod.Put, Path, "", 403, "{}");
        await Same(owner, HttpMethod.Put, Path, "", 400, """{"tap":1}""");
        await Same(owner, HttpMethod.Put, Path, "", 201, """{"title":"Described","reactions":["like","wow"]}""");
        await Same(owner, HttpMethod.Put, Path, "", 200);
        await Same(owner, HttpMethod.Post, Path, "/start", 200);
        await using var watching = new SocketViewer(running.Process, "openapi", viewer.Token);
        await watching.Ledger.UntilAsync(ledger => ledger.Snapshots == 1, "a snapshot");

        var comment = await viewer.AcceptedAsync("openapi", new { type = "comment", text = "First", key = "k1" });
        await viewer.AcceptedAsync("openapi", new { type = "comment", text = "Second", replyTo = comment });
        await Same(owner, HttpMethod.Post, Path, "/interactions", 200, Everything(comment));
        await Same(viewer, HttpMethod.Post, Path, "/interactions", 200, """[{"type":"vote","poll":"p1","choice":1},{"type":"reaction","kind":"none"}]""");
        await Same(viewer, HttpMethod.Post, Path, "/interactions", 400, """{"type":"none"}""");
        await Same(viewer, HttpMethod.Post, Path, "/interactions", 415);
        await Same(anyone, HttpMethod.Get, Path, "", 200);
        await Same(viewer, HttpMethod.Get, Path, "/me", 200);
        await Same(owner, HttpMethod.Get, Path, "/bans?limit=1", 200);
        await Same(owner, HttpMethod.Get, Path, "/bans?limit=0", 400);
        await Same(viewer, HttpMethod.Get, Path, "/bans", 403);
        await Same(anyone, HttpMethod.Get, Path, "/bans", 401);
        await Same(anyone, HttpMethod.Get, Path, "/comments?limit=1", 200);
        await Same(anyone, HttpMethod.Get, Path, "/comments?before=none", 404);
        await Same(anyone, HttpMethod.Get, Path, "/timeline?step=1", 200);
        await Same(anyone, HttpMethod.Get, "streams", "?limit=1", 200);
        await Same(anyone, HttpMethod.Get, "streams", "?limit=0", 400);
        await Same(viewer, HttpMethod.Get, Path, "/log", 403);
        await Same(owner, HttpMethod.Get, Path, "/log?after=none.1", 410);

        var log = await owner.GetAsync(Path + "/log");
        Assert.Equal("application/x-ndjson", log.MediaType);
        var lines = log.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length >= 5, $"{lines.Length} lines");
        Assert.All(lines, line => Assert.Empty(check.Faults(JsonSerializer.Deserialize<JsonElement>(line), "LogEntry")));

        await Same(owner, HttpMethod.Post, Path, "/end", 200);
        await Same(owner, HttpMethod.Post, Path, "/start", 409);
        await Same(owner, HttpMethod.Delete, Path, "", 204);
    }

    [Fact]
    public async Task Operators_answers_are_as_described()
    {
        var check = await CheckAsync();
        using var http = new HttpClient { BaseAddress = running.Process.Address };
        foreach (var (method, path) in new[] { ("get", "/healthz"), ("get", "/readyz"), ("post", "/v1/dev/tokens"), ("post", "/v1/ping") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), path);
            if (method == "post") request.Content = new StringContent("""{"sub":"ada","transport":"sse","latencyMs":[3]}""", null, "application/json");
            using var answer = await http.SendAsync(request);
            var body = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
            Assert.Empty(check.Faults(path, method, (int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType!, body));
        }

        using var metrics = await http.GetAsync("/metrics");
        Assert.Equal("text/plain", metrics.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task What_a_WebSocket_says_is_as_described()
    {
        var check = await CheckAsync();
        using var owner = await Client.SignInAsync(running.Process, "openapi-socket", "broadcaster");
        await owner.GoLiveAsync("openapi-socket");
        using var socket = new ClientWebSocket();
        using var late = new CancellationTokenSource(Busy.Patience);
        var address = new UriBuilder(running.Process.Address) { Scheme = "ws", Path = "v1/streams/openapi-socket/socket", Query = "access_token=" + owner.Token };
        await socket.ConnectAsync(address.Uri, late.Token);
        string[] said =
        [
            """{"t":"send","ref":7,"items":[{"type":"reaction","kind":"like"},{"type":"comment","text":"Hi"},{"type":"vote","poll":"none","choice":0}]}""",
            """{"t":"send","ref":8,"items":[{"type":"ban","user":"openapi-socket","seconds":60},{"type":"ban","user":"u8","shadow":true}]}""",
            """{"t":"send","ref":9,"items":[{"type":"unban","user":"openapi-socket"}]}""",
            """{"t":"ping","latencyMs":[2.5]}""", """{"t":"ping"}""", $$"""{"t":"token","token":"{{owner.Token}}"}""",
        ];
        foreach (var message in said)
        {
            Assert.Empty(check.Faults(JsonSerializer.Deserialize<JsonElement>(message), "ClientMessage"));
            await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, late.Token);
        }

        await socket.SendAsync("""{"t":"none"}"""u8.ToArray(), WebSocketMessageType.Text, true, late.Token);
        var missing = new HashSet<string> { "snapshot", "frame", "ack", "error", "pong", "ban", "bans" };
        while (missing.Count > 0)
        {
            var message = await ReceiveAsync(socket, late.Token);
            Assert.Empty(check.Faults(message, "ServerMessage"));
            missing.Remove(message.GetProperty("t").GetString()!);
            missing.RemoveWhere(field => message.TryGetProperty(field, out _));
        }
    }

    [Theory]
    [InlineData("""{"type":"reaction","kind":"like","count":101}""")]
    [InlineData("""{"type":"comment"}""")]
    [InlineData("""{"type":"poll","id":"p","question":"?","choices":["one"]}""")]
    [InlineData("""{"type":"ban","user":"no spaces"}""")]
    [InlineData("""{"type":"cheer"}""")]
    public async Task What_the_service_refuses_as_misshapen_is_not_as_described(string item)
    {
        using var viewer = await Client.SignInAsync(running.Process, "openapi-shapes");
        Assert.Equal("bad_request", (await viewer.CallAsync(HttpMethod.Post, "streams/any/interactions", item)).Problem(400));
        Assert.NotEmpty((await CheckAsync()).Faults(JsonSerializer.Deserialize<JsonElement>(item), "Interactions"));
    }

    [Fact]
    public async Task What_the_protocol_shows_is_as_described()
    {
        var items = JsonSerializer.Deserialize<JsonElement>(Everything("k3f.17.0"));
        Assert.Empty((await CheckAsync()).Faults(items, "Interactions"));
    }

    // Every type there is, in an order in which the owner's are all accepted.
    private static string Everything(string comment) => $$$"""
        [{"type":"reaction","kind":"like","count":3},
         {"type":"comment","text":"Hello","replyTo":"{{{comment}}}","key":"e1"},
         {"type":"cue","name":"goal","data":{"side":"home"}}, {"type":"cue","name":"half-time"},
         {"type":"pin","comment":"{{{comment}}}"}, {"type":"unpin"}, {"type":"pin","comment":"{{{comment}}}"},
         {"type":"ban","user":"u9","seconds":600,"shadow":false}, {"type":"unban","user":"u9"}, {"type":"ban","user":"u8"},
         {"type":"poll","id":"p0","question":"Who?","choices":["a","b"]}, {"type":"closePoll","id":"p0"},
         {"type":"poll","id":"p1","question":"Who wins?","choices":["a","b"]}, {"type":"vote","poll":"p1","choice":1},
         {"type":"delete","comment":"{{{comment}}}"}]
        """;

    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var part = new byte[4096];
        while (true)
        {
            var read = await socket.ReceiveAsync(part.AsMemory(), cancellationToken);
            Assert.True(read.MessageType == WebSocketMessageType.Text, $"closed with {socket.CloseStatus}: {socket.CloseStatusDescription}");
            bytes.Write(part, 0, read.Count);
            if (read.EndOfMessage) return JsonSerializer.Deserialize<JsonElement>(bytes.ToArray());
        }
    }

    private async Task<SchemaCheck> CheckAsync()
    {
        using var http = new HttpClient { BaseAddress = running.Process.Address };
        return new SchemaCheck(JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync("openapi/v1.json")));
    }
}
