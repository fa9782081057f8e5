using Interactions.Frontend.Fanout;
using Interactions.Frontend.Transports.WebSocket;
using Interactions.Frontend.Wire;
using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>What a WebSocket does apart from its framing, on every way.</summary>
public abstract class SocketTests(Loopback loopback)
{
    private protected static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    private protected Loopback Loopback { get; } = loopback;

    [Fact]
    public async Task The_server_closes_with_its_reason_and_waits_for_the_viewers_close()
    {
        var (client, cursor) = await Loopback.OpenAsync(cursor => new Echo(cursor));
        using var _ = client;
        cursor.End(CloseReason.TokenExpired, reconnectInMs: 1000);
        Assert.Equal("text {\"t\":\"bye\",\"reconnectInMs\":1000}", await client.NextAsync());
        Assert.Equal("close 4401", await client.NextAsync());
        var end = client.NextAsync();
        await client.SendAsync([.. ClientFrame.Text("not heard"), .. ClientFrame.Ping()]);
        Assert.False(end.IsCompleted);
        await client.SendAsync(ClientFrame.Close(4401));
        Assert.Null(await end);
    }

    [Fact]
    public async Task A_viewer_that_does_not_answer_a_close_is_cut_after_5_s()
    {
        var (client, cursor) = await Loopback.OpenAsync(cursor => new Echo(cursor));
        using var _ = client;
        cursor.End(CloseReason.GoingAway);
        Assert.Equal("close 1001", await client.NextAsync());
        var started = TimeProvider.System.GetTimestamp();
        await IsCutAsync(client);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 4, 8);
    }

    [Fact]
    public async Task A_message_that_is_not_understood_is_closed_with_4400_and_the_handshake_is_kept()
    {
        var (client, _) = await Loopback.OpenAsync(_ => new Deaf());
        using var _ = client;
        await client.SendAsync([.. ClientFrame.Text("{"), .. ClientFrame.Text("{")]);
        Assert.Equal("close 4400", await client.NextAsync());
        await client.SendAsync(ClientFrame.Close(4400));
        Assert.Null(await client.NextAsync());
    }

    [Fact]
    public async Task A_connection_that_ends_without_a_close_ends_the_cursor()
    {
        var (client, cursor) = await Loopback.OpenAsync(cursor => new Echo(cursor));
        client.EndSending();
        Assert.Null(await cursor.Ended.WaitAsync(Within));
        client.Dispose();
        (client, cursor) = await Loopback.OpenAsync(cursor => new Echo(cursor));
        client.Dispose();
        Assert.Null(await cursor.Ended.WaitAsync(Within));
    }

    [Fact]
    public async Task A_viewer_that_answers_no_pings_is_closed_at_the_third()
    {
        var (client, cursor) = await Loopback.OpenAsync(cursor => new Echo(cursor));
        using var _ = client;
        Assert.True(cursor.Reply(Heartbeat.Bytes(WireFormat.Framed)));
        Assert.True(cursor.Reply(Heartbeat.Bytes(WireFormat.Framed)));
        Assert.Equal("ping ", await client.NextAsync());
        Assert.Equal("ping ", await client.NextAsync());
        Assert.False(cursor.Ended.IsCompleted);
        cursor.Reply(Heartbeat.Bytes(WireFormat.Framed));
        Assert.Null(await cursor.Ended.WaitAsync(Within));
        await IsCutAsync(client);
    }

    [Fact]
    public async Task A_viewer_that_answers_pings_stays()
    {
        var (client, cursor) = await Loopback.OpenAsync(cursor => new Echo(cursor));
        using var _ = client;
        for (var i = 0; i < 5; i++)
        {
            Assert.True(cursor.Reply(Heartbeat.Bytes(WireFormat.Framed)));
            Assert.Equal("ping ", await client.NextAsync());
            await client.SendAsync([.. ClientFrame.Pong(), .. ClientFrame.Text("here")]);
            Assert.Equal("text here", await client.NextAsync());
        }
    }

    [Fact]
    public async Task While_too_much_is_unanswered_nothing_more_is_read_and_then_all_of_it()
    {
        Backlog? backlog = null;
        var (client, _) = await Loopback.OpenAsync(cursor => backlog = new Backlog(cursor));
        using var _ = client;
        backlog!.Fill();
        await client.SendAsync(ClientFrame.Text("waits"));
        var answer = client.NextAsync();
        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync(ClientFrame.Text("waits too"));
            Assert.False(answer.IsCompleted);
        }

        backlog.Empty();
        Assert.Equal("text waits", await answer);
        for (var i = 0; i < 3; i++) Assert.Equal("text waits too", await client.NextAsync());
    }

    [Fact]
    public async Task A_flood_of_messages_is_answered_whole_and_in_order()
    {
        var (client, _) = await Loopback.OpenAsync(cursor => new Echo(cursor));
        using var _ = client;
        const int Count = 20_000;
        var bytes = Enumerable.Range(0, Count).SelectMany(i => ClientFrame.Text($"message {i}")).ToArray();
        var sending = client.SendAsync(bytes);
        for (var i = 0; i < Count; i++) Assert.Equal($"text message {i}", await client.NextAsync());
        await sending;
    }

    [Fact]
    public async Task A_message_that_is_far_too_large_is_refused_and_the_refusal_arrives()
    {
        var (client, _) = await Loopback.OpenAsync(cursor => new Echo(cursor));
        using var _ = client;
        var sending = client.SendAsync(ClientFrame.Text(new string('x', 4 << 20)));
        Assert.Equal("close 4400", await client.NextAsync());
        await SentAsync(sending);
        await Loopback.EndsAsync(client);
    }

    [Fact]
    public async Task A_refused_viewer_is_told_the_code()
    {
        using var client = await Loopback.RefuseAsync(4403, "The token is not for this stream.");
        Assert.Equal("close 4403", await client.NextAsync());
        await client.SendAsync(ClientFrame.Close(4403));
        Assert.Null(await client.NextAsync());
    }

    /// <summary>Ends without a close frame.</summary>
    private protected abstract Task IsCutAsync(RawClient client);

    /// <summary>The rest of what the server does not want any more.</summary>
    private protected virtual Task SentAsync(Task sending) => sending;

    private sealed class Deaf : IConversation
    {
        public Task? Behind => null;

        public Task Answered => Task.CompletedTask;

        public bool Hear(ReadOnlyMemory<byte> message) => false;
    }

    private sealed class Backlog(Cursor cursor) : IConversation
    {
        private volatile TaskCompletionSource? _full;

        public Task? Behind => _full?.Task;

        public Task Answered => Task.CompletedTask;

        public bool Hear(ReadOnlyMemory<byte> message)
        {
            Assert.Null(_full);
            return cursor.Reply(ServerFrame.Text(message.Span));
        }

        public void Fill() => _full = new();

        public void Empty()
        {
            var full = _full!;
            _full = null;
            full.SetResult();
        }
    }
}
