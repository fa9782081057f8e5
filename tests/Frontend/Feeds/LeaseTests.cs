using Interactions.Contracts;
using Interactions.Contracts.Grains;
using Interactions.Frontend.Feeds;
using Xunit;

namespace Interactions.Tests.Frontend.Feeds;

public sealed class LeaseTests : IAsyncDisposable
{
    private readonly FeedBench _bench = new();

    private FakeStream Stream => _bench.Stream;

    private FakeSilo Silo => _bench.Grains.SiloOf("silo-1");

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Each_silo_is_called_once_a_second()
    {
        (_bench.Grains.Active, _bench.Grains.Version) = (["silo-1", "silo-2"], 2);
        await _bench.OpenAsync();
        await RenewAsync();
        await RenewAsync();
        var before = Silo.Renewed;
        for (var i = 0; i < 5; i++) await RenewAsync();
        Assert.Equal(before + 5, Silo.Renewed);
        Assert.True(_bench.Grains.SiloOf("silo-2").Renewed >= 5);
    }

    [Fact]
    public async Task Silos_are_called_more_often_for_three_seconds_after_a_connection_to_one_broke()
    {
        await _bench.OpenAsync();
        await RenewAsync();
        var before = Silo.Renewed;
        _bench.Grains.BreakConnection();
        for (var ms = 0; ms < 5_000; ms += 50) _bench.Advance(50);
        Assert.InRange(Silo.Renewed - before, 25, 40); // 30 of them; every second it would be 5
    }

    [Fact]
    public async Task A_frontend_without_streams_calls_nobody()
    {
        _bench.Advance(5_000);
        Assert.Equal(0, Silo.Renewed);
        await _bench.OpenAsync();
        await RenewAsync();
    }

    [Fact]
    public async Task A_feed_that_its_silo_says_is_behind_asks()
    {
        var feed = await _bench.OpenAsync();
        await RenewAsync();
        Stream.Like();
        Silo.Heads.Add(new FeedHead("match", new Position(Stream.Epoch, 1)));
        await RenewAsync();
        Assert.Single(Stream.Subscriptions);
        _bench.Advance(50);
        await FeedBench.UntilAsync(() => feed.Head.Offset == 1, "the lost push");
    }

    [Fact]
    public async Task A_push_that_only_was_slower_than_the_lease_is_not_asked_for()
    {
        await _bench.OpenAsync();
        await RenewAsync();
        var push = Stream.Like();
        Silo.Heads.Add(new FeedHead("match", new Position(Stream.Epoch, 1)));
        await RenewAsync();
        Stream.Push(push);
        _bench.Advance(100);
        Assert.Single(Stream.Subscriptions);
    }

    [Fact]
    public async Task A_lease_confirms_the_silos_newest_mark()
    {
        await _bench.OpenAsync();
        await RenewAsync();
        Assert.Equal(0, Silo.Request!.Received);
        Stream.Observer!.Marked(new PushMark("silo-1", 500));
        Stream.Observer.Marked(new PushMark("silo-1", 400)); // was overtaken
        Stream.Observer.Marked(new PushMark("silo-9", 900));
        await RenewAsync();
        Assert.Equal((500, _bench.Frontend), (Silo.Request.Received, Silo.Request.Frontend));
        Assert.Same(Stream.Observer, Silo.Request.Observer);
    }

    [Fact]
    public async Task A_megabyte_is_confirmed_at_once()
    {
        await _bench.OpenAsync();
        await RenewAsync();
        var before = Silo.Renewed;
        Stream.Observer!.Marked(new PushMark("silo-1", (1 << 20) - 1));
        Assert.Equal(before, Silo.Renewed);
        Stream.Observer.Marked(new PushMark("silo-1", 1 << 20));
        Assert.Equal((before + 1, 1 << 20), (Silo.Renewed, Silo.Request!.Received));
        Stream.Observer.Marked(new PushMark("silo-1", (2 << 20) - 1));
        Assert.Equal(before + 1, Silo.Renewed);
    }

    [Fact]
    public async Task Streams_of_a_silo_that_does_not_answer_are_subscribed_to_again_until_they_answer()
    {
        var feed = await _bench.OpenAsync();
        await RenewAsync();
        Stream.Like(3);
        (Silo.IsAway, Stream.IsAway) = (true, true);
        await _bench.AdvanceUntilAsync(() => Stream.Subscriptions.Count > 3, "tries");
        Assert.False(feed.IsCurrent);
        (Stream.IsAway, Stream.Silo) = (false, "silo-2");
        await _bench.AdvanceUntilAsync(() => feed.IsCurrent, "a subscription");
        Assert.Equal("silo-2", feed.Silo);
        Assert.Equal(3, FeedBench.Likes(feed));
        await _bench.AdvanceUntilAsync(() => _bench.Grains.SiloOf("silo-2").Renewed > 0, "a lease with the new silo");
    }

    [Fact]
    public async Task Streams_of_a_silo_that_is_gone_are_subscribed_to_again()
    {
        (_bench.Grains.Active, _bench.Grains.Version) = (["silo-1", "silo-2"], 2);
        Stream.Silo = "silo-2";
        await _bench.OpenAsync();
        _bench.Advance(1_000); // silo-2 says that there is another
        await RenewAsync();
        (_bench.Grains.Active, _bench.Grains.Version, Stream.Silo) = (["silo-1"], 3, "silo-1");
        await _bench.AdvanceUntilAsync(() => Stream.Subscriptions.Count == 2, "a subscription", stepMs: 100);
    }

    [Fact]
    public async Task A_batch_that_is_under_way_when_a_silo_has_gone_is_sent_again_at_once()
    {
        await using var bench = new FeedBench(new FeedOptions { AnswerWithin = TimeSpan.FromHours(1) });
        (bench.Grains.Active, bench.Grains.Version) = (["silo-1", "silo-2"], 2);
        await bench.OpenAsync();
        bench.Advance(1_000);
        bench.Stream.Gate = new TaskCompletionSource().Task;
        var sent = bench.SendAsync(FeedBench.Like());
        await FeedBench.UntilAsync(() => bench.Stream.Tries.Count == 1, "a batch");

        bench.Stream.Gate = null;
        (bench.Grains.Active, bench.Grains.Version) = (["silo-1"], 3);
        bench.Advance(1_000);
        await bench.AdvanceUntilAsync(() => sent.IsCompleted, "an answer", stepMs: 1);

        Assert.True((await sent)[0].IsAccepted);
        Assert.Equal(2, bench.Stream.Tries.Count);
        Assert.Equal(bench.Stream.Tries[0].Batch.Sequence, bench.Stream.Tries[1].Batch.Sequence);
    }

    [Fact]
    public async Task A_subscription_that_is_under_way_when_a_silo_has_gone_is_asked_for_again_at_once()
    {
        (_bench.Grains.Active, _bench.Grains.Version) = (["silo-1", "silo-2"], 2);
        var feed = await _bench.OpenAsync();
        await RenewAsync();
        Stream.SubscribeGate = new TaskCompletionSource().Task;
        feed.Ask(SubscribeReason.Lost);
        await FeedBench.UntilAsync(() => Stream.Subscriptions.Count == 2, "a call");

        Stream.SubscribeGate = null;
        (_bench.Grains.Active, _bench.Grains.Version) = (["silo-1"], 3);
        await _bench.AdvanceUntilAsync(() => feed.IsCurrent, "a subscription");
    }

    [Fact]
    public async Task An_older_list_of_silos_changes_nothing()
    {
        await _bench.OpenAsync();
        await RenewAsync();
        (_bench.Grains.Active, _bench.Grains.Version) = ([], 0);
        await RenewAsync();
        await RenewAsync();
        Assert.Single(Stream.Subscriptions);
        Assert.Null(Silo.Left);
    }

    [Fact]
    public async Task A_frontend_that_was_not_heard_of_for_too_long_subscribes_again()
    {
        await _bench.OpenAsync();
        await RenewAsync();

        // The process stood still.
        _bench.Time.SetUtcNow(_bench.Time.GetUtcNow() + TimeSpan.FromSeconds(12));
        await FeedBench.UntilAsync(() => Stream.Subscriptions.Count == 2, "a subscription");
    }

    [Fact]
    public async Task A_frontend_that_missed_a_few_seconds_asks_only_for_streams_that_moved()
    {
        await _bench.OpenAsync();
        await RenewAsync();
        _bench.Time.SetUtcNow(_bench.Time.GetUtcNow() + TimeSpan.FromSeconds(5));
        await RenewAsync();
        Assert.Single(Stream.Subscriptions);
    }

    [Fact]
    public async Task A_stream_that_moves_is_subscribed_to_again()
    {
        var feed = await _bench.OpenAsync();
        Stream.Silo = "silo-2";
        Stream.Observer!.Ended(new FeedEnd("match", Stream.Creation, FeedEndReason.Moved));
        await FeedBench.UntilAsync(() => feed.Silo == "silo-2", "a subscription");
        Assert.False(feed.IsEnded);
    }

    [Fact]
    public async Task A_frontend_that_stops_says_goodbye()
    {
        await _bench.OpenAsync();
        await RenewAsync();
        await _bench.Feeds.DisposeAsync();
        Assert.Equal(_bench.Frontend, Silo.Left);
    }

    [Fact]
    public async Task Streams_with_viewers_are_subscribed_to_first()
    {
        var pacer = new SubscriptionPacer(_bench.Time);
        var (busy, first, done) = (new TaskCompletionSource<int>(), new TaskCompletionSource<int>(), new List<string>());
        _ = pacer.RunAsync(isFirst: false, () => first.Task);
        for (var i = 1; i < SubscriptionPacer.AtOnce; i++) _ = pacer.RunAsync(isFirst: false, () => busy.Task);
        var quiet = pacer.RunAsync(isFirst: false, () => Run("quiet"));
        var watched = pacer.RunAsync(isFirst: true, () => Run("watched"));
        Assert.Empty(done);
        first.SetResult(0);
        await Task.WhenAll(quiet, watched);
        Assert.Equal(["watched", "quiet"], done);

        Task<int> Run(string name)
        {
            lock (done) done.Add(name);
            return Task.FromResult(0);
        }
    }

    [Fact]
    public async Task A_silo_that_hangs_holds_up_no_streams_of_others()
    {
        var pacer = new SubscriptionPacer(_bench.Time);
        var hanging = new TaskCompletionSource<int>();
        for (var i = 0; i < SubscriptionPacer.AtOnce; i++) _ = pacer.RunAsync(isFirst: true, () => hanging.Task);
        var other = pacer.RunAsync(isFirst: false, () => Task.FromResult(1));
        Assert.False(other.IsCompleted);
        _bench.Advance(25);
        Assert.Equal(1, await other);
    }

    // The silo's grain answers at once, so when time has moved, all is heard.
    private async Task RenewAsync()
    {
        var before = Silo.Renewed;
        _bench.Advance(1_000);
        await FeedBench.UntilAsync(() => Silo.Renewed > before, "a lease");
    }
}
