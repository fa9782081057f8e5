using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Listener;

[Collection(EndToEndCollection.Name)]
public sealed class ArrivalTests(RunningService running)
{
    private const string Head = "GET /v1/streams/arrivals/events HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [Fact]
    public async Task A_request_that_comes_byte_by_byte_is_served()
    {
        using var connection = await LiveAsync();
        foreach (var letter in Head) await connection.SendAsync(letter.ToString());
        Assert.Equal(200, (await connection.AnswerAsync()).Status);
        await connection.UntilAsync("event: snapshot\n");
    }

    [Fact]
    public async Task What_is_pipelined_behind_an_event_stream_is_not_answered_and_harms_nothing()
    {
        using var connection = await LiveAsync();
        await connection.SendAsync(Head + "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + new string('x', 100_000));
        await connection.UntilAsync("event: snapshot\n");
        using var owner = await Client.SignInAsync(running.Process, "arrivals-owner", "broadcaster");
        await owner.AcceptedAsync("arrivals", new { type = "comment", text = "still here" });
        Assert.DoesNotContain("HTTP/1.1", await connection.UntilAsync("still here"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_that_are_not_live_are_answered_one_after_the_other()
    {
        using var connection = await LiveAsync();
        await connection.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\nGET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n" + Head);
        Assert.Contains("live", (await connection.AnswerAsync()).Body, StringComparison.Ordinal);
        Assert.Contains("ready", (await connection.AnswerAsync()).Body, StringComparison.Ordinal);
        Assert.Equal(200, (await connection.AnswerAsync()).Status);
        await connection.UntilAsync("event: snapshot\n");
    }

    [Fact]
    public async Task A_request_that_takes_longer_than_10_s_is_ended_with_408_and_a_silent_connection_without_a_word()
    {
        using var slow = await LiveAsync();
        using var slowElsewhere = await LiveAsync();
        using var silent = await LiveAsync();
        await slow.SendAsync("GET /v1/streams/arrivals/events HTTP/1.1\r\nHost:");
        await slowElsewhere.SendAsync("GET /healthz HTTP/1.1\r\nHost:");
        Assert.Equal(408, (await slow.AnswerAsync()).Status);
        Assert.Equal("", await slow.ToEndAsync());
        Assert.Equal(408, (await slowElsewhere.AnswerAsync()).Status);
        Assert.Equal("", await silent.ToEndAsync());
    }

    [Fact]
    public async Task Heads_above_16_KB_are_431()
    {
        using var connection = await LiveAsync();
        await connection.SendAsync($"GET /v1/streams/arrivals/events HTTP/1.1\r\nHost: localhost\r\nX: {new string('x', 16 * 1024)}\r\n\r\n");
        Assert.Equal(431, (await connection.AnswerAsync()).Status);
    }

    [Fact]
    public async Task HTTP_2_reaches_Kestrel()
    {
        // Kestrel speaks HTTP/2 over TLS only, and tells one who knows better in frames of HTTP/2 (RFC 9113, 3.4) or as 400.
        using var connection = await LiveAsync();
        await connection.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        var answer = await connection.ToEndAsync();
        Assert.True(answer.Length > 0, "Nothing was answered.");
    }

    [Fact]
    public async Task A_viewer_that_ends_its_side_is_let_go()
    {
        using var owner = await Client.SignInAsync(running.Process, "arrivals-owner", "broadcaster");
        using var watcher = await LiveAsync();
        await using var other = new SseViewer(running.Process, "arrivals");
        await watcher.SendAsync(Head);
        await other.Ledger.UntilAsync(ledger => ledger.Viewers >= 2, "two viewers");
        var before = other.Ledger.Viewers;
        watcher.EndSending();
        await other.Ledger.UntilAsync(ledger => ledger.Viewers == before - 1, "one viewer less");
        await watcher.ToEndAsync();
    }

    private async Task<RawConnection> LiveAsync()
    {
        using var owner = await Client.SignInAsync(running.Process, "arrivals-owner", "broadcaster");
        if ((await owner.GetAsync("streams/arrivals")).Status == 404) await owner.GoLiveAsync("arrivals");
        return await RawConnection.OpenAsync(running.Process);
    }
}
