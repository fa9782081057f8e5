using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Frontend.WebSocket;
using Xunit;

namespace Interactions.Tests.EndToEnd.Api;

/// <summary>Whole numbers are what they are, however they are written.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class NumberTests(RunningService running)
{
    public static TheoryData<string> Threes => ["3", "3.0", "3e0", "30e-1", "0.3E+1"];

    public static TheoryData<string> NotWhole => ["3.5", "1e-1", "1e400", "1e-400", "99999999999999999999"];

    [Theory]
    [MemberData(nameof(Threes))]
    public async Task A_whole_number_is_taken_over_every_transport(string three)
    {
        var stream = $"three-{Math.Abs(three.GetHashCode(StringComparison.Ordinal))}";
        using var owner = await Client.SignInAsync(running.Process, "numbers", "broadcaster");
        await owner.GoLiveAsync(stream);
        var settings = await owner.CallAsync(HttpMethod.Put, $"streams/{stream}", $$"""{"slowModeSeconds":{{three}},"maxCommentLength":{{three}}}""");
        Assert.Equal(3, settings.Expect(200).GetProperty("settings").GetProperty("slowModeSeconds").GetInt32());
        Assert.Equal(3, settings.Json.GetProperty("settings").GetProperty("maxCommentLength").GetInt32());

        var items = $$"""[{"type":"reaction","kind":"like","count":{{three}}},{"type":"ban","user":"u9","seconds":{{three}}},{"type":"vote","poll":"none","choice":{{three}}}]""";
        var results = (await owner.CallAsync(HttpMethod.Post, $"streams/{stream}/interactions", items)).Expect(200).GetProperty("results");
        AssertTaken(results);

        using var hub = await HubClient.OpenAsync(running.Process, owner.Token);
        await hub.Wire.SendAsync(ClientFrame.Text($$"""{"type":1,"invocationId":"s","target":"Send","arguments":["{{stream}}",{{items}}]}""" + "\u001e"));
        AssertTaken((await hub.EndAsync("s")).GetProperty("result"));

        using var socket = await ConnectAsync(stream, owner.Token!);
        await SendAsync(socket, $$"""{"t":"send","ref":{{three}},"items":{{items}}}""");
        var ack = await UntilAsync(socket, "ack");
        Assert.Equal(3, ack.GetProperty("ref").GetInt64());
        AssertTaken(ack.GetProperty("results"));

        foreach (var path in (string[])[$"streams?limit={Escape(three)}", $"streams/{stream}/comments?limit={Escape(three)}", $"streams/{stream}/log?limit={Escape(three)}", $"streams/{stream}/bans?limit={Escape(three)}", $"streams/{stream}/timeline?step={Escape(three)}&from={Escape(three)}&to=1.9e12"])
            Assert.Equal(200, (await owner.GetAsync(path)).Status);
        Assert.Equal(9, (await owner.SnapshotAsync(stream)).GetProperty("totals").GetProperty("like").GetInt64());
    }

    [Theory]
    [MemberData(nameof(NotWhole))]
    public async Task What_is_not_a_whole_number_within_bounds_is_bad_input(string number)
    {
        using var owner = await Client.SignInAsync(running.Process, "numbers", "broadcaster");
        if ((await owner.GetAsync("streams/not-whole")).Status == 404) await owner.GoLiveAsync("not-whole");
        Assert.Equal("bad_request", (await owner.CallAsync(HttpMethod.Put, "streams/not-whole", $$"""{"slowModeSeconds":{{number}}}""")).Problem(400));
        var item = $$"""{"type":"reaction","kind":"like","count":{{number}}}""";
        Assert.Equal("bad_request", (await owner.CallAsync(HttpMethod.Post, "streams/not-whole/interactions", item)).Problem(400));
        Assert.Equal("bad_request", (await owner.GetAsync($"streams?limit={Escape(number)}")).Problem(400));
        using var socket = await ConnectAsync("not-whole", owner.Token!);
        await SendAsync(socket, $$"""{"t":"send","ref":{{number}},"items":[]}""");
        Assert.Equal("bad_request", (await UntilAsync(socket, "error")).GetProperty("code").GetString());
        await SendAsync(socket, $$"""{"t":"send","ref":1,"items":{{item}}}""");
        Assert.Equal("bad_request", (await UntilAsync(socket, "error")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_choice_beyond_any_number_is_a_choice_that_is_not_there()
    {
        using var owner = await Client.SignInAsync(running.Process, "numbers", "broadcaster");
        await owner.GoLiveAsync("beyond");
        await owner.AcceptedAsync("beyond", new { type = "poll", id = "p", question = "?", choices = (string[])["a", "b"] });
        var answer = await owner.CallAsync(HttpMethod.Post, "streams/beyond/interactions", """
            [{"type":"vote","poll":"p","choice":1e300},{"type":"vote","poll":"p","choice":-1e9},{"type":"vote","poll":"p","choice":1.0}]
            """);
        var results = answer.Expect(200).GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal("bad_choice", results[0].GetProperty("code").GetString());
        Assert.Equal("bad_choice", results[1].GetProperty("code").GetString());
        Assert.Equal("accepted", results[2].GetProperty("status").GetString());
    }

    private static void AssertTaken(JsonElement results)
    {
        var all = results.EnumerateArray().ToArray();
        Assert.Equal("accepted", all[0].GetProperty("status").GetString());
        Assert.Equal("accepted", all[1].GetProperty("status").GetString());
        Assert.Equal("unknown_poll", all[2].GetProperty("code").GetString());
    }

    private static string Escape(string number) => Uri.EscapeDataString(number);

    private async Task<ClientWebSocket> ConnectAsync(string stream, string token)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(Harness.SocketAddress.Of(running.Process, stream, token), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private static async Task<JsonElement> UntilAsync(ClientWebSocket socket, string kind)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var buffer = new byte[64 * 1024];
        while (await Harness.SocketAddress.ReceiveTextAsync(socket, buffer, late.Token) is { } text)
        {
            var message = JsonSerializer.Deserialize<JsonElement>(text);
            if (message.GetProperty("t").GetString() == kind) return message;
        }

        throw new IOException($"Closed with {socket.CloseStatus} before {kind}.");
    }
}
