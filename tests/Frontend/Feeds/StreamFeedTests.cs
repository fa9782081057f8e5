using Interactions.Contracts;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;
using Interactions.Frontend.Feeds;
using Xunit;

namespace Interactions.Tests.Frontend.Feeds;

public sealed class StreamFeedTests : IAsyncDisposable
{
    private readonly FeedBench _bench = new();

    private FakeStream Stream => _bench.Stream;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_feed_begins_with_what_the_stream_is_and_follows_its_pushes()
    {
        Stream.Like(10);
        var feed = await _bench.OpenAsync();
        Assert.Equal(10, FeedBench.Likes(feed));
        Assert.Equal(new StreamInfo("match", Stream.Creation, "ada", StreamStatus.Live, true), feed.Info);
        Stream.Push(Stream.Like(5));
        Assert.Equal(15, FeedBench.Likes(feed));
        Assert.Equal(2, feed.Head.Offset);
    }

    [Fact]
    public async Task A_stream_that_is_not_there_has_no_feed()
    {
        Assert.Null(await _bench.Feeds.OpenAsync("other"));
        Assert.Equal(0, _bench.Feeds.Count);
    }

    [Theory]
    [InlineData(Code.Damaged, typeof(LogDamagedException))]
    [InlineData(Code.Internal, typeof(InvalidOperationException))]
    public async Task A_stream_that_cannot_be_read_says_why(Code code, Type expected)
    {
        Stream.Code = code;
        Assert.Equal(expected, (await Assert.ThrowsAnyAsync<Exception>(_bench.OpenAsync)).GetType());
        Stream.Code = Code.Accepted;
        await _bench.OpenAsync();
    }

    [Fact]
    public async Task A_stream_that_does_not_answer_is_unavailable_and_subscribed_to_when_it_does()
    {
        Stream.IsAway = true;
        var opening = _bench.OpenAsync();
        await _bench.AdvanceUntilAsync(() => opening.IsCompleted, "the answer");
        await Assert.ThrowsAsync<LogUnavailableException>(() => opening);
        Stream.IsAway = false;
        var second = _bench.OpenAsync();
        await _bench.AdvanceUntilAsync(() => second.IsCompleted, "the feed");
        Assert.Equal(0, FeedBench.Likes(await second));
    }

    [Fact]
    public async Task Who_opens_a_stream_that_is_being_opened_waits_for_the_same_subscription()
    {
        var gate = new TaskCompletionSource();
        Stream.SubscribeGate = gate.Task;
        var (one, other) = (_bench.OpenAsync(), _bench.OpenAsync());
        Stream.Push(Stream.Like(3));
        Assert.False(one.IsCompleted);
        gate.SetResult();
        Assert.Same(await one, await other);
        Assert.Equal(3, FeedBench.Likes(await one));
        Assert.Single(Stream.Subscriptions);
    }

    [Fact]
    public async Task Pushes_that_arrive_in_another_order_are_applied_in_theirs()
    {
        var feed = await _bench.OpenAsync();
        var pushes = Enumerable.Range(1, 20).Select(_ => Stream.Like()).ToArray();
        foreach (var push in pushes.Reverse()) Stream.Push(push);
        Assert.Equal(20, feed.Head.Offset);
        Assert.Equal(20, FeedBench.Likes(feed));
        _bench.Advance(200);
        Assert.Single(Stream.Subscriptions);
    }

    [Fact]
    public async Task A_push_that_does_not_come_within_50_ms_is_asked_for()
    {
        var feed = await _bench.OpenAsync();
        Stream.Like();
        Stream.Push(Stream.Like());
        _bench.Advance(49);
        Assert.Single(Stream.Subscriptions);
        Assert.Equal(0, feed.Head.Offset);
        _bench.Advance(1);
        await FeedBench.UntilAsync(() => feed.Head.Offset == 2, "the missing entry");
        Assert.Equal(2, FeedBench.Likes(feed));
        Assert.Equal(0, Stream.Subscriptions[1].From.Offset);
        Assert.Equal(Stream.Epoch, Stream.Subscriptions[1].From.Epoch);
    }

    [Fact]
    public async Task Of_a_frame_what_was_asked_for_is_no_different_from_what_was_pushed()
    {
        var feed = await _bench.OpenAsync();
        var from = feed.Head;
        Stream.Like();
        Stream.Push(Stream.Like());
        _bench.Advance(50);
        await FeedBench.UntilAsync(() => feed.Head.Offset == 2, "the missing entry");
        var frame = feed.Read((view, ring) => ring.Sum(view, from.Offset, null, 50));
        Assert.Equal(2, Assert.Single(frame.Delta!).Count);
    }

    [Fact]
    public async Task A_young_hole_is_not_asked_for_because_an_older_one_was_filled()
    {
        await _bench.OpenAsync();
        var (first, second, third) = (Stream.Like(), Stream.Like(), Stream.Like());
        Stream.Push(second);
        _bench.Advance(45);
        Stream.Push(first);
        var (fourth, fifth) = (Stream.Like(), Stream.Like());
        Stream.Push(fifth);
        _bench.Advance(10);
        Assert.Single(Stream.Subscriptions);
        Stream.Push(third);
        Stream.Push(fourth);
        _bench.Advance(100);
        Assert.Single(Stream.Subscriptions);
    }

    [Fact]
    public async Task What_is_pushed_while_a_subscription_is_under_way_is_kept()
    {
        var feed = await _bench.OpenAsync();
        var gate = new TaskCompletionSource();
        Stream.SubscribeGate = gate.Task;
        Stream.Like();
        Stream.Push(Stream.Like());
        _bench.Advance(50);
        await FeedBench.UntilAsync(() => Stream.Subscriptions.Count == 2, "the question");
        Stream.Push(Stream.Like());
        gate.SetResult();
        await FeedBench.UntilAsync(() => feed.Head.Offset == 3, "all entries");
        Assert.Equal(3, FeedBench.Likes(feed));
    }

    [Fact]
    public async Task A_new_life_of_the_log_replaces_the_view()
    {
        var feed = await _bench.OpenAsync();
        var listener = new Listener();
        feed.Observe(listener);
        var lost = Stream.Like();
        Stream.Push(lost);
        Stream.BeginLife(after: 0);
        Stream.Push(Stream.Append(new OccupancyChanged(1)));
        await FeedBench.UntilAsync(() => feed.Head.Epoch == Stream.Epoch, "the new life");
        Assert.True(listener.Moves > 1);
        Stream.Push(lost);
        Assert.Equal(Stream.Epoch, feed.Head.Epoch);
        Assert.False(feed.Read((_, ring) => ring.Covers(lost.Effects.Position)));
    }

    [Fact]
    public async Task A_deleted_stream_ends_its_feed_and_can_be_created_anew()
    {
        var feed = await _bench.OpenAsync();
        var listener = new Listener();
        feed.Observe(listener);
        Stream.Observer!.Ended(new FeedEnd("match", Stream.Creation + 1, FeedEndReason.Deleted));
        Assert.False(feed.IsEnded);
        Stream.Observer!.Ended(new FeedEnd("match", Stream.Creation, FeedEndReason.Deleted));
        Assert.True(feed.IsEnded);
        Assert.Equal(FeedEndReason.Deleted, listener.End);
        Assert.NotSame(feed, await _bench.OpenAsync());
    }

    [Fact]
    public async Task A_stream_that_was_created_anew_behind_its_feeds_back_is_another_stream()
    {
        var feed = await _bench.OpenAsync();
        var listener = new Listener();
        feed.Observe(listener);
        Stream.Creation++;
        Stream.Observer!.Ended(new FeedEnd("match", Stream.Creation - 1, FeedEndReason.Moved));
        await FeedBench.UntilAsync(() => feed.IsEnded, "the end");
        Assert.Equal(FeedEndReason.Deleted, listener.End);
        Assert.Equal(Stream.Creation, (await _bench.OpenAsync()).Creation);
    }

    [Fact]
    public async Task Who_listens_too_late_hears_of_the_end_at_once()
    {
        var feed = await _bench.OpenAsync();
        Stream.Observer!.Ended(new FeedEnd("match", Stream.Creation, FeedEndReason.Damaged));
        var listener = new Listener();
        feed.Observe(listener);
        Assert.Equal(FeedEndReason.Damaged, listener.End);
    }

    [Fact]
    public async Task What_comes_while_somebody_reads_is_applied_by_the_one_who_reads()
    {
        var feed = await _bench.OpenAsync();
        var listener = new Listener();
        feed.Observe(listener);
        var seen = feed.Read((view, _) =>
        {
            var pusher = new Thread(() => Stream.Push(Stream.Like(4)));
            pusher.Start();
            pusher.Join();
            return view.Total("like");
        });
        Assert.Equal(0, seen);
        Assert.Equal(1, listener.Moves);
        Assert.Equal(4, FeedBench.Likes(feed));
    }

    [Fact]
    public async Task View_and_ring_stand_at_the_same_position_whoever_pushes_and_reads()
    {
        const int Entries = 2_000;
        var feed = await _bench.OpenAsync();
        var listener = new Listener();
        feed.Observe(listener);
        var pushes = Enumerable.Range(0, Entries).Select(_ => Stream.Like()).ToArray();
        var (torn, isOver) = (0, false);
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                if (!feed.Read((view, ring) => view.Position == ring.Head && view.Total("like") == view.Position.Offset)) Interlocked.Increment(ref torn);
            }
        })).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(pusher => Task.Run(() =>
        {
            // Everyone pushes everything, each in another order.
            var shuffled = pushes.ToArray();
            new Random(pusher).Shuffle(shuffled);
            foreach (var push in shuffled) Stream.Push(push);
        })));
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(readers);
        Assert.Equal(Entries, feed.Head.Offset);
        Assert.Equal(Entries, FeedBench.Likes(feed));
        Assert.Equal(0, torn);
        Assert.True(listener.Moves > 0);
        Assert.Single(Stream.Subscriptions);
    }

    [Fact]
    public async Task What_was_dropped_because_too_much_came_early_is_asked_for()
    {
        var feed = await _bench.OpenAsync();
        var gate = new TaskCompletionSource();
        Stream.SubscribeGate = gate.Task;
        feed.Ask(SubscribeReason.Hole);
        Stream.Like();
        var text = new string('x', 10_000);
        for (var i = 0; i < 60; i++) Stream.Push(Stream.Append(new CommentShown(new ShownComment($"{Stream.Epoch}.{i}.0", "ada", "Ada", text, 1, null), false)));
        gate.SetResult();
        await FeedBench.UntilAsync(() => feed.Head.Offset == 61, "everything");
    }

    [Fact]
    public async Task A_stream_that_is_quiet_for_as_long_as_viewers_may_resume_keeps_nothing_to_resume_over()
    {
        var feed = await _bench.OpenAsync();
        feed.Observe(new Listener());
        var before = feed.Head;
        Stream.Push(Stream.Like());
        _bench.Advance(119_000);
        Assert.True(feed.Read((_, ring) => ring.Covers(before)));
        _bench.Advance(2_000);
        Assert.False(feed.Read((_, ring) => ring.Covers(before)));
        Assert.True(feed.Read((view, ring) => ring.SizeBytes == 0 && ring.Covers(view.Position)));

        var quiet = feed.Head;
        Stream.Push(Stream.Like());
        _bench.Advance(2_000);
        Assert.True(feed.Read((_, ring) => ring.Covers(quiet)));
    }

    [Fact]
    public async Task A_large_view_is_read_in_pieces_two_at_a_time()
    {
        Stream.Like(10);
        var gate = new TaskCompletionSource();
        (Stream.PieceBytes, Stream.OnPiece) = (1, _ => gate.Task); // each effect of the view
        var opening = _bench.OpenAsync();
        await FeedBench.UntilAsync(() => Stream.PiecesRead.Count > 1, "the questions");
        Stream.Push(Stream.Like(5));
        Assert.Equal([1, 2], Stream.PiecesRead);
        Assert.False(opening.IsCompleted);

        gate.SetResult();
        var feed = await opening;
        Assert.Equal([1, 2, 3], Stream.PiecesRead);
        Assert.Equal(15, FeedBench.Likes(feed));
        Assert.True(feed.HasRoster);
        Assert.Equal(new StreamInfo("match", Stream.Creation, "ada", StreamStatus.Live, true), feed.Info);
    }

    [Fact]
    public async Task A_large_view_whose_pieces_are_not_kept_any_more_is_asked_for_again()
    {
        Stream.Like(10);
        Stream.PieceBytes = 1;
        Stream.OnPiece = _ =>
        {
            Stream.OnPiece = null;
            Stream.DropPieces();
            return Task.CompletedTask;
        };
        var opening = _bench.OpenAsync();
        await _bench.AdvanceUntilAsync(() => opening.IsCompleted, "the feed");
        Assert.Equal(10, FeedBench.Likes(await opening));
        Assert.Equal(2, Stream.Subscriptions.Count);
    }

    [Fact]
    public async Task A_feed_that_nobody_uses_is_left()
    {
        var feed = await _bench.OpenAsync();
        feed.Observe(new Listener());
        _bench.Advance(30_000);
        Assert.False(feed.IsEnded);
        feed.Observe(null);
        _bench.Advance(9_000);
        Assert.Equal(1, _bench.Feeds.Count);
        _bench.Advance(2_000);
        Assert.True(feed.IsEnded);
        Assert.Equal(0, _bench.Feeds.Count);
        await FeedBench.UntilAsync(() => Stream.Unsubscribed == 1, "the goodbye");
        Assert.NotSame(feed, await _bench.OpenAsync());
    }

    [Fact]
    public async Task A_stream_that_goes_on_pushing_to_nobody_is_told_again()
    {
        var observer = (await _bench.OpenAsync(), Stream.Observer!).Item2;
        var stray = _bench.Grains.Add("stray");
        observer.Pushed(stray.Like());
        await FeedBench.UntilAsync(() => stray.Unsubscribed == 1, "the goodbye");
    }

    [Fact]
    public async Task What_is_known_of_a_stream_comes_from_its_feed()
    {
        await _bench.OpenAsync();
        Stream.Push(Stream.Append(new LifecycleChanged(StreamStatus.Ended, 1, 2)));
        Assert.Equal(StreamStatus.Ended, (await _bench.Feeds.FindAsync("match"))!.Status);
        Assert.Equal(0, Stream.Finds);
        _bench.Feeds.Forget("match");
        await _bench.Feeds.FindAsync("match");
        Assert.Equal(1, Stream.Finds);
    }

    [Fact]
    public async Task What_is_known_of_a_stream_without_a_feed_is_asked_once_a_second()
    {
        await _bench.Feeds.FindAsync("match");
        await _bench.Feeds.FindAsync("match");
        Assert.Equal(1, Stream.Finds);
        _bench.Feeds.Forget("match");
        await _bench.Feeds.FindAsync("match");
        Assert.Equal(2, Stream.Finds);
        _bench.Advance(1_000);
        await _bench.Feeds.FindAsync("match");
        Assert.Equal(3, Stream.Finds);
    }

    [Fact]
    public async Task That_a_stream_is_not_there_is_not_remembered()
    {
        Assert.Null(await _bench.Feeds.FindAsync("young"));
        _bench.Grains.Add("young");
        Assert.NotNull(await _bench.Feeds.FindAsync("young"));
    }

    private sealed class Listener : IFeedListener
    {
        private int _moves;

        public int Moves => Volatile.Read(ref _moves);

        public FeedEndReason? End { get; private set; }

        public void Moved() => Interlocked.Increment(ref _moves);

        public void Ended(FeedEndReason reason) => End = reason;
    }
}
