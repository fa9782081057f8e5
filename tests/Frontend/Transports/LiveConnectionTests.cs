using System.Net.Sockets;
using Xunit;

namespace Interactions.Tests.Frontend.Transports;

public sealed class LiveConnectionTests
{
    [Fact]
    public async Task Bytes_that_came_before_and_after_attaching_are_told_of()
    {
        using var pair = new LivePair();
        pair.Client.Send("before"u8);
        pair.Attached();
        Assert.Equal("before"u8.ToArray(), await pair.NextAsync());
        pair.Client.Send("after"u8);
        Assert.Equal("after"u8.ToArray(), await pair.NextAsync());
    }

    [Fact]
    public async Task A_send_that_the_socket_takes_is_over_at_once_and_allocates_nothing()
    {
        using var pair = new LivePair().Attached();
        var frame = new byte[130];
        await pair.Connection.SendAsync(frame);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var completed = true;
        for (var i = 0; i < 50; i++) completed &= pair.Connection.SendAsync(frame).AsTask().IsCompletedSuccessfully;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(completed);
    }

    [Fact]
    public async Task A_stalled_send_ends_when_the_peer_reads_on_and_every_byte_arrives_in_order()
    {
        using var pair = new LivePair().Attached();
        var bytes = new byte[8 << 20];
        new Random(17).NextBytes(bytes);
        var sending = pair.Connection.SendAsync(bytes).AsTask();
        Assert.False(sending.IsCompleted);
        var reading = Task.Run(pair.ReadToEnd);
        await sending.WaitAsync(TimeSpan.FromSeconds(60));
        pair.Connection.Close();
        Assert.Equal(bytes, await reading);
    }

    [Fact]
    public async Task A_peer_that_leaves_ends_the_connection_and_frees_its_descriptor()
    {
        using var pair = new LivePair().Attached();
        pair.Client.Close();
        await pair.Closed;
        Assert.Equal(0, pair.Table.Count);
        Assert.Throws<IOException>(() => { _ = pair.Connection.SendAsync("late"u8.ToArray()).AsTask(); });
    }

    [Fact]
    public async Task A_stalled_send_fails_when_the_connection_is_cut()
    {
        using var pair = new LivePair().Attached();
        var sending = pair.Connection.SendAsync(new byte[8 << 20]).AsTask();
        pair.Connection.Abort();
        pair.Connection.Abort();
        await Assert.ThrowsAsync<IOException>(() => sending.WaitAsync(TimeSpan.FromSeconds(60)));
        await pair.Closed;
        Assert.Equal(1, pair.TimesClosed);
        Assert.Throws<SocketException>(() => pair.ReadToEnd());
    }

    [Fact]
    public async Task What_was_sent_before_closing_arrives_although_the_peer_had_said_more()
    {
        using var pair = new LivePair();
        pair.Client.Send(new byte[10_000]);
        await pair.Connection.SendAsync("last words"u8.ToArray());
        pair.Attached();
        pair.Connection.Close();
        pair.Client.Send(new byte[10_000]);
        Assert.Equal("last words"u8.ToArray(), pair.ReadToEnd());
        await pair.Closed;
    }

    [Fact]
    public async Task What_the_client_has_not_taken_is_known()
    {
        using var pair = new LivePair().Attached();
        var sent = 0;
        ValueTask sending;
        do
        {
            sending = pair.Connection.SendAsync(new byte[1000]);
            sent += 1000;
        }
        while (sending.IsCompleted);
        Assert.InRange(pair.Connection.Backlog, 1, sent);
        var all = sent;
        Assert.InRange(pair.Connection.Arrived, 1, all);
        var buffer = new byte[64 * 1024];
        while (sent > 0) sent -= pair.Client.Receive(buffer);
        await sending.AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(SpinWait.SpinUntil(() => pair.Connection.Backlog == 0, TimeSpan.FromSeconds(60)));
        Assert.InRange(pair.Connection.Arrived, all, all + 1); // some systems count the beginning (SYN)
        pair.Connection.Abort();
        Assert.Equal(0, pair.Connection.Backlog);
    }
}
