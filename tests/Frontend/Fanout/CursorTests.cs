using System.Text;
using Interactions.Contracts;
using Interactions.Contracts.Frames;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Wire;
using Xunit;

namespace Interactions.Tests.Frontend.Fanout;

public sealed class CursorTests
{
    private static readonly byte[] Pong = "{\"t\":\"pong\"}"u8.ToArray();

    [Fact]
    public async Task Replies_to_a_stalled_viewer_follow_in_order_and_none_is_held_on_to()
    {
        var (sink, cursor) = Make();
        sink.StallAtNext();
        Assert.True(cursor.Reply("0"u8.ToArray()));
        var replies = SendMany(cursor);
        sink.Drain();
        for (var i = 0; i <= 1000; i++) Assert.Equal(i, (await sink.NextAsync()).GetInt32());
        GC.Collect();
        Assert.DoesNotContain(replies, reply => reply.TryGetTarget(out _));
        GC.KeepAlive(cursor);
    }

    [Fact]
    public async Task A_viewer_that_lets_too_many_replies_wait_is_ended()
    {
        var (sink, cursor) = Make();
        sink.StallAtNext();
        for (var i = 0; i <= 1024; i++) Assert.True(cursor.Reply(Pong));
        Assert.False(cursor.Reply(Pong));
        Assert.Equal(CloseReason.NoProgress, await cursor.Ended.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(CloseReason.NoProgress, sink.Aborted);
        Assert.False(cursor.Settled.IsCompleted);
        sink.Drain();
        await cursor.Settled.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_stalled_viewer_is_ended_when_nothing_has_arrived_for_a_while_and_not_while_something_does()
    {
        var (sink, cursor) = Make();
        sink.StallAtNext();
        cursor.Reply(Pong);
        var nowMs = Cursor.Clock(TimeProvider.System);
        for (sink.Backlog = 5000; sink.Backlog > 0; sink.Backlog -= 1000) Look(20_000);
        Look(1000); // the last byte
        Look(29_000);
        Assert.False(cursor.Ended.IsCompleted);
        Look(2000);
        Assert.Equal(CloseReason.NoProgress, await cursor.Ended.WaitAsync(TimeSpan.FromSeconds(60)));

        void Look(int laterMs) => cursor.CheckLiveness(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(30), nowMs = unchecked(nowMs + laterMs), 0);
    }

    [Fact]
    public async Task A_viewer_that_takes_nothing_of_what_the_system_took_is_ended_too()
    {
        var (sink, cursor) = Make();
        cursor.Reply(Pong);
        var nowMs = Cursor.Clock(TimeProvider.System);
        for (var second = 0; second < 60; second++)
        {
            (sink.Backlog, sink.Arrived) = (1000 + second, 1 + (second / 20)); // a little now and then
            Look();
        }

        Assert.False(cursor.Ended.IsCompleted);
        for (var second = 0; second < 11; second++) Look(); // and then no more, however much is sent
        Assert.True(sink.Waiting > 0 && !cursor.Ended.IsCompleted);
        sink.Backlog = 0;
        Look();
        sink.Backlog = 1;
        for (var second = 0; second < 30; second++) Look();
        Assert.False(cursor.Ended.IsCompleted);
        Look();
        Assert.Equal(CloseReason.NoProgress, await cursor.Ended.WaitAsync(TimeSpan.FromSeconds(10)));

        void Look() => cursor.CheckLiveness(TimeSpan.FromHours(1), TimeSpan.FromSeconds(30), nowMs = unchecked(nowMs + 1000), 0);
    }

    [Fact]
    public async Task Goodbye_is_said_after_what_is_being_sent_and_before_the_end_is_told()
    {
        var sink = new GateSink();
        var cursor = new Cursor(sink, null, null, null, long.MaxValue, TimeProvider.System);
        var sending = Task.Run(() => cursor.Reply(Pong));
        await sink.Inside.WaitAsync(TimeSpan.FromSeconds(60));
        cursor.Reply("{}"u8.ToArray());
        cursor.End(CloseReason.GoingAway, 700);
        Assert.False(cursor.Ended.IsCompleted);
        Assert.False(cursor.Reply(Pong));
        sink.Open();
        await sending;
        Assert.Equal(CloseReason.GoingAway, await cursor.Ended.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(["{\"t\":\"pong\"}", "{}", "{\"t\":\"bye\",\"reconnectInMs\":700}"], sink.Sent);
        Assert.Equal([CloseReason.GoingAway], sink.Ends);
    }

    [Fact]
    public async Task A_viewer_whose_connection_breaks_ends_once_and_without_a_reason()
    {
        var sink = new GateSink { Fails = true };
        var cursor = new Cursor(sink, null, null, null, long.MaxValue, TimeProvider.System);
        cursor.Reply(Pong);
        cursor.End(CloseReason.GoingAway, 700);
        Assert.Null(await cursor.Ended.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal([null], sink.Ends);
        Assert.False(cursor.Reply(Pong));
    }

    [Fact]
    public void A_tick_costs_the_same_memory_for_eleven_viewers_and_for_eleven_thousand_some_behind()
    {
        // Ticks of several sizes are compared, so what is left out of both is what a tick makes once: frames and their bytes.
        TickBytes(10, 1);
        Assert.Equal(TickBytes(10, 1), TickBytes(10_000, 1000));
    }

    [Fact]
    public void A_frame_that_is_encoded_costs_no_memory_at_all()
    {
        var cursors = Enumerable.Range(0, 10_000).Select(_ => new Cursor(new DeafSink(), new("e", 1), null, null, long.MaxValue, TimeProvider.System)).ToArray();
        var (first, second) = (Frame("e", 2), Frame("e", 3));
        (first.Bytes(WireFormat.Sse), second.Bytes(WireFormat.Sse)).ToString();
        foreach (var cursor in cursors) Assert.True(cursor.Offer(first, new("e", 1), 0) > 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var cursor in cursors) cursor.Offer(second, new("e", 2), 0);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_cursor_and_its_membership_take_at_most_250_bytes()
    {
        var sink = new DeafSink();
        var cursors = new Cursor[10_000];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < cursors.Length; i++) cursors[i] = new(sink, null, null, null, long.MaxValue, TimeProvider.System);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / cursors.Length, 1, 250 - 16);
    }

    private static (TestSink Sink, Cursor Cursor) Make()
    {
        var sink = new TestSink();
        return (sink, new Cursor(sink, null, null, null, long.MaxValue, TimeProvider.System));
    }

    /// <summary>What this thread allocates in 20 ticks that keep some up and bring others from one place to the head.</summary>
    private static long TickBytes(int keepUp, int late)
    {
        var cursors = Enumerable.Range(0, keepUp).Select(_ => new Cursor(new DeafSink(), new("e", 101), null, null, long.MaxValue, TimeProvider.System)).ToArray();
        var behind = Enumerable.Range(0, late).Select(_ => new Cursor(new DeafSink(), new("e", 100), null, null, long.MaxValue, TimeProvider.System)).ToList();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var tick = 101; tick < 121; tick++)
        {
            // Those behind go to a place of their own, so that they are behind in every tick.
            var frames = new TickFrames(new("e", tick), new("e", tick + 1)) { Shared = Frame("e", tick + 1) };
            frames.Others = new() { [(behind[0].Position, Pace.AnyBytes)] = Frame("f", tick + 1) };
            new Delivery(frames, cursors, cursors.Length, behind, tick).Work();
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.All(cursors, cursor => Assert.Equal(new Position("e", 121), cursor.Position));
        Assert.All(behind, cursor => Assert.Equal(new Position("f", 121), cursor.Position));
        return bytes;
    }

    private static List<WeakReference<byte[]>> SendMany(Cursor cursor)
    {
        List<WeakReference<byte[]>> replies = [];
        for (var i = 1; i <= 1000; i++)
        {
            var reply = Encoding.ASCII.GetBytes($"{i}");
            replies.Add(new(reply));
            Assert.True(cursor.Reply(reply));
        }

        return replies;
    }

    private static Packet Frame(string epoch, long offset) =>
        new(new Frame { Stream = "room", Position = new(epoch, offset), Delta = [new("like", 1)], Totals = [new("like", offset)] }, 0);

    private sealed class DeafSink : ISink
    {
        public WireFormat Format => WireFormat.Sse;

        public ValueTask SendAsync(ReadOnlyMemory<byte> message) => ValueTask.CompletedTask;

        public void Abort(CloseReason reason)
        {
        }
    }

    /// <summary>Holds the thread that sends.</summary>
    private sealed class GateSink : IEndedSink
    {
        private readonly TaskCompletionSource _inside = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public WireFormat Format => WireFormat.Tagged;

        public bool Fails { get; init; }

        public Task Inside => _inside.Task;

        public List<string> Sent { get; } = [];

        public List<CloseReason?> Ends { get; } = [];

        public void Open() => _open.SetResult();

        public ValueTask SendAsync(ReadOnlyMemory<byte> message)
        {
            if (Fails) throw new IOException("gone");
            Sent.Add(Encoding.UTF8.GetString(message.Span));
            if (_inside.TrySetResult()) Assert.True(_open.Task.Wait(TimeSpan.FromSeconds(60)));
            return ValueTask.CompletedTask;
        }

        public void Abort(CloseReason reason)
        {
        }

        public void Ended(CloseReason? reason) => Ends.Add(reason);
    }
}
