using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs.Memory;
using Interactions.Silo.Nodes;
using Xunit;

namespace Interactions.Tests.Silo.Nodes;

public sealed class OpenStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Taps_of_many_senders_become_one_item_and_each_is_answered()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        await using var node = await TestNode.StartAsync(log);
        var stream = await node.GoLiveAsync("taps");
        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => stream.SubmitAsync([TestNode.Like(2)]))).WaitAsync(Patience);
        Assert.All(answers, answer => Assert.True(answer[0].IsAccepted));
        Assert.Equal(1000, Total(stream));
        var head = (await log.ReadAsync("taps", Position.Start, 1)).Head;
        Assert.True(head.Offset < 100, $"500 taps took {head.Offset} entries");
    }

    [Fact]
    public async Task An_append_whose_answer_was_lost_is_retried_and_counts_once()
    {
        await using var log = new FaultyLog();
        await using var node = await TestNode.StartAsync(log);
        var stream = await node.GoLiveAsync("lost-answer");
        var failures = 3;
        log.AfterAppend = () => failures-- > 0 ? new LogUnavailableException("The answer was lost.") : null;
        var answer = await stream.SubmitAsync([TestNode.Like(5)]).WaitAsync(Patience);
        Assert.True(answer[0].IsAccepted);
        await stream.SubmitAsync([TestNode.Like(1)]).WaitAsync(Patience);
        Assert.Equal(6, Total(stream));
    }

    [Fact]
    public async Task A_sender_is_told_that_the_outcome_is_unknown_and_its_interaction_still_counts_when_the_log_is_back()
    {
        await using var log = new FaultyLog();
        await using var node = await TestNode.StartAsync(log);
        var stream = await node.GoLiveAsync("away");
        var away = true;
        log.BeforeAppend = () => away ? new LogUnavailableException("The store is away.") : null;
        await Assert.ThrowsAsync<LogUnavailableException>(() => stream.SubmitAsync([TestNode.Say("hello", key: 7)]).WaitAsync(Patience));
        away = false;

        // The retry by key gets the true answer: the first one was taken in the end.
        var retried = await stream.SubmitAsync([TestNode.Say("hello", key: 7)]).WaitAsync(Patience);
        Assert.True(retried[0].IsAccepted);
        Assert.Single(stream.Read(state => state.Comments(null, 10, null))!);
    }

    [Fact]
    public async Task A_full_log_is_said_and_the_next_one_is_taken_when_there_is_room()
    {
        await using var log = new FaultyLog();
        await using var node = await TestNode.StartAsync(log);
        var stream = await node.GoLiveAsync("full");
        log.BeforeAppend = () => new LogFullException("No space is left.");
        await Assert.ThrowsAsync<LogFullException>(() => stream.SubmitAsync([TestNode.Like()]).WaitAsync(Patience));
        log.BeforeAppend = () => null;
        Assert.True((await stream.SubmitAsync([TestNode.Like()]).WaitAsync(Patience))[0].IsAccepted);
        Assert.Equal(1, Total(stream));
    }

    [Fact]
    public async Task Any_number_of_taps_leaves_room_for_the_next()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        await using var node = await TestNode.StartAsync(log);
        var stream = await node.GoLiveAsync("room");

        // More than may wait at once, and none of them waits any more.
        for (var i = 0; i < 3; i++) await Task.WhenAll(Enumerable.Range(0, 30_000).Select(_ => stream.SubmitAsync([TestNode.Like()]))).WaitAsync(Patience);

        Assert.True((await stream.SubmitAsync([TestNode.Like()]).WaitAsync(Patience))[0].IsAccepted);
        Assert.Equal(90_001, Total(stream));
    }

    [Fact]
    public async Task A_batch_that_may_have_been_taken_is_not_given_up_for_a_full_log()
    {
        await using var log = new FaultyLog();
        await using var node = await TestNode.StartAsync(log);
        var stream = await node.GoLiveAsync("late");
        var tries = 0;
        log.BeforeAppend = () => ++tries switch
        {
            1 => new LogUnavailableException("It may arrive later."),
            2 => new LogFullException("No space is left."),
            _ => null,
        };
        Assert.True((await stream.SubmitAsync([TestNode.Like(3)]).WaitAsync(Patience))[0].IsAccepted);
        Assert.Equal(3, tries);
        Assert.Equal(3, Total(stream));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_shown_stays_while_the_log_can_not_be_read(bool anew)
    {
        await using var log = new FaultyLog();
        await using var node = await TestNode.StartAsync(log);
        var stream = await node.GoLiveAsync("shown");
        await stream.SubmitAsync([TestNode.Like(5)]).WaitAsync(Patience);
        var place = stream.Read(state => state.Position);
        var failures = 0;
        TaskCompletionSource failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        log.BeforeRead = () =>
        {
            if (++failures == 3) failed.SetResult();
            return failures == 1 && anew ? new PositionLostException("shown", place, ReadStatus.OtherEpoch) : failures < 5 ? new LogUnavailableException("Away.") : null;
        };

        var sending = stream.SubmitAsync([TestNode.Like(2)]);
        await failed.Task.WaitAsync(Patience);
        Assert.False(stream.IsClosed);
        Assert.Equal(5, Total(stream));

        Assert.True((await sending.WaitAsync(Patience))[0].IsAccepted);
        Assert.Equal(7, Total(stream));
    }

    [Fact]
    public async Task What_the_fold_refuses_never_enters_the_log()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        await using var node = await TestNode.StartAsync(log);
        var stream = await node.GoLiveAsync("junk");
        var before = (await log.ReadAsync("junk", Position.Start, 1)).Head;
        var answers = await stream.SubmitAsync([TestNode.Say("  "), TestNode.Say(new string('x', 501))]).WaitAsync(Patience);
        Assert.Equal([Code.Empty, Code.TooLong], answers.Select(answer => answer.Code));
        Assert.Equal(before, (await log.ReadAsync("junk", Position.Start, 1)).Head);
    }

    [Fact]
    public async Task Viewers_of_a_process_that_died_are_gone_when_the_next_one_opens_the_stream()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        var first = await TestNode.StartAsync(log);
        var stream = await first.GoLiveAsync("orphans");
        stream.Join("ada", "Ada");
        await UntilAsync(stream, state => state.Viewers == 1, "a viewer");

        // It never says that its viewers left.
        await using var second = await TestNode.StartAsync(log);
        var reopened = (await second.Node.OpenAsync("orphans"))!;
        await UntilAsync(reopened, state => state.Viewers == 0, "nobody");
        Assert.Empty(reopened.Read(state => state.Nodes));
        await first.DisposeAsync();
    }

    [Fact]
    public async Task Who_comes_back_within_the_grace_never_left_the_roster()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        await using var node = await TestNode.StartAsync(log);
        var stream = await node.GoLiveAsync("roster");
        stream.Join("ada", "Ada");
        await UntilAsync(stream, state => state.ToView().Snapshot(null).Roster is { Count: 1 }, "Ada on the roster");
        stream.Leave("ada");
        stream.Join("ada", "Ada");
        stream.Join("bob", "Bob");
        stream.Leave("bob");
        await UntilAsync(stream, state => state.ToView().Snapshot(null).Roster is { Count: 2 }, "Bob on the roster");
        await UntilAsync(stream, state => state.ToView().Snapshot(null).Roster is { Count: 1 }, "Bob gone after the grace");
        var entries = (await log.ReadAsync("roster", Position.Start, 100)).Entries;
        var left = entries.SelectMany(entry => BatchCodec.Decode(entry.Batch).Items).OfType<RosterLeft>();
        Assert.Equal(["bob"], left.Select(item => item.User));
    }

    [Fact]
    public async Task A_deleted_stream_closes_and_its_name_begins_a_new_life()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        await using var node = await TestNode.StartAsync(log);
        var first = await node.GoLiveAsync("again");
        await first.SubmitAsync([TestNode.Like()]).WaitAsync(Patience);
        await node.DeleteAsync("again");
        Assert.True(first.IsClosed);
        await Assert.ThrowsAsync<LogUnavailableException>(() => first.SubmitAsync(new StatusSet(StreamStatus.Ended)).WaitAsync(Patience));
        Assert.Null(await node.Node.OpenAsync("again"));
        var second = await node.GoLiveAsync("again");
        Assert.Equal(0, Total(second));
        Assert.NotEqual(first.Read(state => state.Position.Epoch), second.Read(state => state.Position.Epoch));
    }

    private static long Total(OpenStream stream) =>
        stream.Feed.Read((view, _) => view.Snapshot(null).Totals!.Single(total => total.Kind == "like").Count);

    private static async Task UntilAsync(OpenStream stream, Func<Interactions.Silo.Streams.StreamState, bool> holds, string what)
    {
        using var late = new CancellationTokenSource(Patience);
        while (!stream.Read(state => holds(state)))
        {
            Assert.False(late.IsCancellationRequested, $"There was never {what}.");
            await Task.Delay(10);
        }
    }

    [Fact]
    public async Task A_place_from_before_a_stop_is_caught_up_from_afterwards()
    {
        await using var log = new MemoryLog(TimeProvider.System);
        Position place;
        await using (var before = await TestNode.StartAsync(log))
        {
            var stream = await before.GoLiveAsync("s");
            for (var i = 0; i < 150; i++) await stream.SubmitAsync([TestNode.Like()]);
            place = stream.Read(state => state.Position);
            await stream.SubmitAsync([TestNode.Like()]);
        }

        await using var after = await TestNode.StartAsync(log);
        var again = await after.Node.OpenAsync("s");

        Assert.True(again!.Feed.Read((_, ring) => ring.Covers(place)));
    }

    [Theory]
    [InlineData(StreamEnd.Damaged)]
    [InlineData(StreamEnd.Broken)]
    public async Task What_ends_a_stream_while_it_runs_is_told_to_those_who_wait_and_to_its_observer(StreamEnd end)
    {
        await using var log = new FaultyLog();
        await using var node = await TestNode.StartAsync(log);
        var stream = await node.GoLiveAsync("ends");
        var observer = new EndObserver();
        stream.Observe(observer);
        log.BeforeRead = () => end == StreamEnd.Damaged ? new LogDamagedException("A bit has flipped.") : new FormatException("This is no batch.");

        var failed = await Assert.ThrowsAnyAsync<Exception>(() => stream.SubmitAsync([TestNode.Like()]).WaitAsync(Patience));
        Assert.Equal(end == StreamEnd.Damaged ? typeof(LogDamagedException) : typeof(InvalidOperationException), failed.GetType());
        Assert.Equal(end, await observer.Ended.WaitAsync(Patience));

        // Who holds the stream still and sends later is told the same.
        var later = await Assert.ThrowsAnyAsync<Exception>(() => stream.SubmitAsync([TestNode.Like()]).WaitAsync(Patience));
        Assert.Equal(failed.GetType(), later.GetType());
    }

    private sealed class EndObserver : IStreamObserver
    {
        private readonly TaskCompletionSource<StreamEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<StreamEnd> Ended => _ended.Task;

        public void Moved()
        {
            // Only the end counts.
        }

        public void Closed(StreamEnd end) => _ended.SetResult(end);
    }
}
