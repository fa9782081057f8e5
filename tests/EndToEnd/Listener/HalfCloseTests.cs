using System.Text;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Frontend.WebSocket;
using Xunit;

namespace Interactions.Tests.EndToEnd.Listener;

/// <summary>Clients that end their side of the connection (FIN) and go on reading, as <c>nc -N</c> does.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class HalfCloseTests(RunningService running)
{
    private const string Stream = "half-closed";
    private const string Health = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private const int Times = 20;

    [Theory]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("GET /healthz HTTP/1.0\r\n\r\n")]
    public async Task A_request_with_the_end_right_behind_it_is_answered(string request)
    {
        for (var i = 0; i < Times; i++)
        {
            using var connection = await RawConnection.OpenAsync(running.Process);
            await connection.SendAsync(request);
            connection.EndSending();
            Assert.StartsWith("HTTP/1.1 200", await connection.ToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n", 404)]
    [InlineData("GET /hubs/interactions?id=unknown HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n", 404)]
    [InlineData("POST /hubs/interactions/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 200)]
    [InlineData("GET /v1/streams/nowhere/events HTTP/1.1\r\nHost: localhost\r\n\r\n", 404)]
    [InlineData("DELETE /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 405)]
    [InlineData("HEAD /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 200)]
    public async Task So_is_one_that_is_refused(string request, int status)
    {
        for (var i = 0; i < Times; i++)
        {
            using var connection = await RawConnection.OpenAsync(running.Process);
            await connection.SendAsync(request);
            connection.EndSending();
            Assert.StartsWith($"HTTP/1.1 {status} ", await connection.ToEndAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_comment_with_the_end_right_behind_it_is_taken_and_answered(bool isChunked)
    {
        using var viewer = await ViewerAsync();
        for (var i = 0; i < Times; i++)
        {
            using var connection = await RawConnection.OpenAsync(running.Process);
            await connection.SendAsync(Comment(viewer, $"half {i}", isChunked));
            connection.EndSending();
            var answer = await connection.ToEndAsync();
            Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
            Assert.Contains("\"accepted\"", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pipelined_requests_with_the_end_right_behind_them_are_all_answered()
    {
        using var viewer = await ViewerAsync();
        using var connection = await RawConnection.OpenAsync(running.Process);
        await connection.SendAsync(Health + Comment(viewer, "first", isChunked: true) + Comment(viewer, "second", isChunked: false) + Health);
        connection.EndSending();
        var answers = await connection.ToEndAsync();
        Assert.Equal(4, answers.Split("HTTP/1.1 200").Length - 1);
    }

    [Fact]
    public async Task A_connection_that_was_kept_alive_answers_the_last_request_too_and_ends_at_once()
    {
        using var connection = await RawConnection.OpenAsync(running.Process);
        await connection.SendAsync(Health);
        Assert.Equal(200, (await connection.AnswerAsync()).Status);
        await connection.SendAsync(Health);
        connection.EndSending();
        Assert.Equal(200, (await connection.AnswerAsync()).Status);
        Assert.Equal("", await connection.ToEndAsync());

        using var idle = await RawConnection.OpenAsync(running.Process);
        await idle.SendAsync(Health);
        Assert.Equal(200, (await idle.AnswerAsync()).Status);
        idle.EndSending();
        Assert.Equal("", await idle.ToEndAsync());
    }

    [Fact]
    public async Task A_body_that_ends_too_early_is_not_taken()
    {
        using var owner = await LiveAsync();
        using var connection = await RawConnection.OpenAsync(running.Process);
        await connection.SendAsync(Comment(owner, "cut short", isChunked: false)[..^3]);
        connection.EndSending();
        try
        {
            Assert.DoesNotContain("HTTP/1.1 200", await connection.ToEndAsync(), StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // To end with an error is as good as to refuse.
        }

        Assert.DoesNotContain("cut short", (await owner.GetAsync($"streams/{Stream}")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_event_stream_with_the_end_right_behind_its_request_is_a_snapshot(bool isWarm)
    {
        using var owner = await LiveAsync();
        for (var i = 0; i < Times; i++)
        {
            using var connection = await RawConnection.OpenAsync(running.Process);
            if (isWarm) await WarmAsync(connection);
            await connection.SendAsync($"GET /v1/streams/{Stream}/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            connection.EndSending();
            var answer = await connection.ToEndAsync();
            Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
            Assert.Contains("event: snapshot\n", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_viewer_that_ends_its_side_later_is_no_viewer_any_more(bool isWarm)
    {
        using var owner = await LiveAsync();
        await using var other = new SseViewer(running.Process, Stream);
        await other.Ledger.UntilAsync(ledger => ledger.Viewers >= 1, "a viewer");
        using var connection = await RawConnection.OpenAsync(running.Process);
        if (isWarm) await WarmAsync(connection);
        await connection.SendAsync($"GET /v1/streams/{Stream}/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await connection.UntilAsync("event: snapshot\n");
        await other.Ledger.UntilAsync(ledger => ledger.Viewers >= 2, "two viewers");
        connection.EndSending();
        await other.Ledger.UntilAsync(ledger => ledger.Viewers == 1, "one viewer less");
        await connection.ToEndAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_sent_on_a_WebSocket_before_its_end_is_answered(bool isWarm)
    {
        using var viewer = await ViewerAsync();
        for (var i = 0; i < Times; i++)
        {
            using var connection = await RawConnection.OpenAsync(running.Process);
            if (isWarm) await WarmAsync(connection);
            await connection.SendAsync(Handshake(Stream, viewer));
            Assert.Equal(101, (await connection.AnswerAsync()).Status);
            var message = JsonSerializer.Serialize(new { t = "send", @ref = 7, items = new[] { new { type = "comment", text = $"last words {i}" } } });
            await connection.SendAsync(ClientFrame.Text(message));
            connection.EndSending();
            var heard = await connection.ToEndAsync();
            Assert.True(heard.Contains("\"t\":\"ack\",\"ref\":7,\"results\":[{\"status\":\"accepted\"", StringComparison.Ordinal), $"{i}: {heard}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task So_is_it_when_the_answer_waits_behind_a_snapshot_that_is_slow_to_leave(bool isWarm)
    {
        var stream = $"half-closed-large-{isWarm}";
        using var owner = await Client.SignInAsync(running.Process, $"half-closed-large-{isWarm}", "broadcaster");
        await owner.GoLiveAsync(stream, new { maxCommentLength = 5000 });
        foreach (var part in Enumerable.Range(0, 50).Chunk(10)) await owner.SendAsync(stream, [.. part.Select(i => (object)new { type = "comment", text = new string('x', 5000) })]);
        await using var other = new SseViewer(running.Process, stream);
        using var connection = await RawConnection.OpenAsync(running.Process, receiveBytes: 4096);
        if (isWarm) await WarmAsync(connection);
        await connection.SendAsync(Handshake(stream, owner));
        Assert.Equal(101, (await connection.AnswerAsync()).Status);
        await connection.SendAsync(ClientFrame.Text("""{"t":"send","ref":7,"items":[{"type":"reaction","kind":"like"}]}"""));
        connection.EndSending();
        await other.Ledger.UntilAsync(ledger => ledger.Total("like") == 1, "the reaction");
        var heard = await connection.ToEndAsync();
        Assert.True(heard.Contains("\"t\":\"ack\",\"ref\":7", StringComparison.Ordinal), heard[^Math.Min(heard.Length, 300)..]);
    }

    [Fact]
    public async Task A_log_that_is_followed_ends_with_its_reader()
    {
        using var owner = await LiveAsync();
        await owner.AcceptedAsync(Stream, new { type = "comment", text = "in the log" });
        using var connection = await RawConnection.OpenAsync(running.Process);
        await connection.SendAsync($"GET /v1/streams/{Stream}/log?follow=true HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {owner.Token}\r\n\r\n");
        connection.EndSending();
        Assert.Contains("in the log", await connection.ToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_that_end_their_side_and_leave_are_all_let_go()
    {
        await using var service = await ServiceProcess.StartAsync();
        var before = await DescriptorsAsync(service);
        for (var i = 0; i < 200; i++)
        {
            using var connection = await RawConnection.OpenAsync(service);
            await connection.SendAsync(i % 2 == 0 ? Health : "POST /v1/dev/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{\"sub\":");
            connection.EndSending();
        }

        var late = DateTime.UtcNow.AddSeconds(20);
        while (await DescriptorsAsync(service) > before + 10) Assert.True(DateTime.UtcNow < late, "Connections are kept.");
    }

    private static async Task<double> DescriptorsAsync(ServiceProcess service)
    {
        using var http = new HttpClient { BaseAddress = service.Address };
        var lines = (await http.GetStringAsync("metrics")).Split('\n');
        return double.Parse(lines.Single(line => line.StartsWith("process_open_fds ", StringComparison.Ordinal)).Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task WarmAsync(RawConnection connection)
    {
        await connection.SendAsync(Health);
        Assert.Equal(200, (await connection.AnswerAsync()).Status);
    }

    private static string Handshake(string stream, Client who) =>
        $"GET /v1/streams/{stream}/socket?access_token={who.Token} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    private static string Comment(Client who, string text, bool isChunked)
    {
        var body = JsonSerializer.Serialize(new { type = "comment", text });
        var head = $"POST /v1/streams/{Stream}/interactions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {who.Token}\r\nContent-Type: application/json\r\n";
        var length = Encoding.UTF8.GetByteCount(body);
        return isChunked
            ? head + $"Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"
            : head + $"Content-Length: {length}\r\n\r\n{body}";
    }

    private async Task<Client> LiveAsync()
    {
        var owner = await Client.SignInAsync(running.Process, "half-closed-owner", "broadcaster");
        if ((await owner.GetAsync($"streams/{Stream}")).Status == 404) await owner.GoLiveAsync(Stream);
        return owner;
    }

    // What one user sends in a second is limited.
    private async Task<Client> ViewerAsync()
    {
        using var owner = await LiveAsync();
        return await Client.SignInAsync(running.Process, $"half-closed-{Guid.NewGuid():N}");
    }
}
