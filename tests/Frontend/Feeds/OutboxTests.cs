using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Log;
using Interactions.Frontend.Feeds;
using Xunit;

namespace Interactions.Tests.Frontend.Feeds;

public sealed class OutboxTests : IAsyncDisposable
{
    private readonly FeedBench _bench = new();

    private FakeStream Stream => _bench.Stream;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_quiet_streams_first_item_goes_at_once()
    {
        var results = await _bench.SendAsync(FeedBench.Comment("hello"));
        Assert.True(Assert.Single(results).IsAccepted);
        var batch = Assert.Single(Stream.Batches);
        Assert.Equal(_bench.Frontend, batch.Frontend);
        Assert.Equal(_bench.Info.Creation, Stream.Tries[0].Creation);
        Assert.Equal(_bench.Time.GetUtcNow().ToUnixTimeMilliseconds(), batch.OldestMs);
    }

    [Fact]
    public async Task What_comes_while_a_batch_is_under_way_goes_together_after_it()
    {
        var gate = new TaskCompletionSource();
        Stream.Gate = gate.Task;
        var sends = Enumerable.Range(0, 50).Select(i => _bench.SendAsync(FeedBench.Comment($"{i}"))).ToArray();
        Assert.Single(Stream.Tries);
        _bench.Advance(100);
        Assert.Single(Stream.Tries);
        gate.SetResult();
        await Task.WhenAll(sends);
        Assert.Equal([1, 49], Stream.Batches.Select(batch => batch.Items.Count));
        Assert.True(Stream.Batches[0].Sequence < Stream.Batches[1].Sequence);
    }

    [Fact]
    public async Task Between_two_batches_items_gather_for_5_ms()
    {
        await _bench.SendAsync(FeedBench.Comment("one"));
        var (two, three) = (_bench.SendAsync(FeedBench.Comment("two")), _bench.SendAsync(FeedBench.Comment("three")));
        _bench.Advance(4);
        Assert.Single(Stream.Tries);
        _bench.Advance(1);
        await Task.WhenAll(two, three);
        Assert.Equal(2, Stream.Batches.Count);
    }

    [Fact]
    public async Task Taps_without_a_key_travel_as_their_sum()
    {
        var gate = new TaskCompletionSource();
        Stream.Gate = gate.Task;
        var first = _bench.SendAsync(FeedBench.Like());
        var many = Enumerable.Range(0, 100).Select(i => _bench.SendAsync(FeedBench.Like($"u{i}", 2))).ToArray();
        var keyed = _bench.SendAsync(FeedBench.Like("ada", 3, key: 9));
        gate.SetResult();
        await _bench.AdvanceUntilAsync(() => keyed.IsCompleted, "the answers");
        Assert.All(await Task.WhenAll(many), results => Assert.True(results[0].IsAccepted));
        Assert.Equal([new Taps("like", 200), FeedBench.Like("ada", 3, key: 9)], Stream.Batches[1].Items);
        await first;
    }

    [Fact]
    public async Task Where_each_user_reacts_once_reactions_are_not_added_up()
    {
        var results = await _bench.Outboxes.SendAsync(_bench.Info with { Tap = false }, [FeedBench.Like("ada"), FeedBench.Like("bob")]);
        Assert.Equal(2, results.Length);
        Assert.Equal([FeedBench.Like("ada"), FeedBench.Like("bob")], Stream.Items);
    }

    [Fact]
    public async Task A_batch_whose_answers_get_lost_counts_once()
    {
        Stream.LoseAnswers(3);
        var sending = _bench.SendAsync(FeedBench.Comment("once"));
        await _bench.AdvanceUntilAsync(() => sending.IsCompleted, "the answer");
        Assert.True((await sending)[0].IsAccepted);
        Assert.Equal(4, Stream.Tries.Count);
        Assert.Single(Stream.Tries.Select(request => request.Batch.Sequence).Distinct());
        Assert.Single(Stream.Batches);
    }

    [Fact]
    public async Task Whoever_sends_at_once_and_whatever_gets_lost_each_item_counts_once()
    {
        const int Senders = 500;
        var sends = Enumerable.Range(0, Senders).Select(i => Task.Run(() =>
        {
            if (i % 10 == 0) Stream.LoseAnswers(2);
            return _bench.SendAsync(FeedBench.Comment($"{i}"));
        })).ToArray();
        await _bench.AdvanceUntilAsync(() => sends.All(send => send.IsCompleted), "all answers");
        Assert.All(await Task.WhenAll(sends), results => Assert.True(results[0].IsAccepted));
        Assert.Equal(
            Enumerable.Range(0, Senders).Select(i => $"{i}").Order(),
            Stream.Items.Cast<Submitted>().Select(item => ((Comment)item.Interaction).Text).Order());
    }

    [Fact]
    public async Task A_batch_whose_outcome_the_stream_does_not_know_is_sent_again()
    {
        Stream.Code = Code.Unavailable;
        var sending = _bench.SendAsync(FeedBench.Comment("once"));
        await _bench.AdvanceUntilAsync(() => Stream.Tries.Count == 3, "tries");
        Stream.Code = Code.Accepted;
        await _bench.AdvanceUntilAsync(() => sending.IsCompleted, "the answer");
        Assert.True((await sending)[0].IsAccepted);
    }

    [Fact]
    public async Task Who_waited_too_long_hears_that_the_outcome_is_unknown_while_the_batch_goes_on()
    {
        Stream.IsAway = true;
        var sending = _bench.SendAsync(FeedBench.Comment("late"));
        var waiting = _bench.SendAsync(FeedBench.Comment("not sent"));
        _bench.Advance(4_999);
        Assert.False(sending.IsCompleted);
        _bench.Advance(1);
        await Assert.ThrowsAsync<LogUnavailableException>(() => sending);
        await Assert.ThrowsAsync<LogUnavailableException>(() => waiting);
        Stream.IsAway = false;
        await _bench.AdvanceUntilAsync(() => Stream.Batches.Count == 1, "the batch");
        Assert.Equal([FeedBench.Comment("late")], Stream.Items);
    }

    [Fact]
    public async Task A_batch_is_given_up_after_30_s_and_the_next_has_a_higher_sequence()
    {
        Stream.IsAway = true;
        var lost = _bench.SendAsync(FeedBench.Comment("lost"));
        await _bench.AdvanceUntilAsync(() => lost.IsCompleted, "the answer", stepMs: 100);
        await Assert.ThrowsAsync<LogUnavailableException>(() => lost);
        await DrainRetriesAsync();
        Stream.IsAway = false;
        var next = _bench.SendAsync(FeedBench.Comment("next"));
        await _bench.AdvanceUntilAsync(() => next.IsCompleted, "the answer", stepMs: 100);
        Assert.True((await next)[0].IsAccepted);
        Assert.Equal([FeedBench.Comment("next")], Stream.Items);
        Assert.True(Stream.Tries[^1].Batch.Sequence > Stream.Tries[0].Batch.Sequence);
    }

    [Fact]
    public async Task A_batch_of_another_creation_takes_nothing_and_is_forgotten()
    {
        var gone = new List<string>();
        _bench.Outboxes.StreamGone += gone.Add;
        Stream.Creation++;
        await Assert.ThrowsAsync<StreamGoneException>(() => _bench.SendAsync(FeedBench.Comment("late")));
        await FeedBench.UntilAsync(() => gone.Count == 1, "the news");
        Assert.Empty(Stream.Batches);
        Assert.True((await _bench.Outboxes.SendAsync(_bench.Info with { Creation = Stream.Creation }, [FeedBench.Comment("new")]))[0].IsAccepted);
    }

    [Theory]
    [InlineData(Code.Full, typeof(LogFullException))]
    [InlineData(Code.Damaged, typeof(LogDamagedException))]
    [InlineData(Code.Internal, typeof(InvalidOperationException))]
    public async Task What_the_stream_refuses_as_a_whole_its_senders_hear(Code code, Type expected)
    {
        Stream.Code = code;
        var exception = await Assert.ThrowsAnyAsync<Exception>(() => _bench.SendAsync(FeedBench.Comment("no")));
        Assert.Equal(expected, exception.GetType());
        Assert.Single(Stream.Tries);
    }

    [Fact]
    public async Task A_batch_is_bounded_and_one_senders_items_may_be_in_several()
    {
        var items = Enumerable.Range(0, 90).Select(i => FeedBench.Comment(new string('x', 4_000))).ToArray();
        var sending = _bench.SendAsync(items);
        await _bench.AdvanceUntilAsync(() => sending.IsCompleted, "the answers");
        Assert.Equal(90, (await sending).Count(result => result.IsAccepted));
        Assert.True(Stream.Batches.Count > 4);
        Assert.All(Stream.Batches, batch => Assert.True(BatchCodec.Encode(batch).Length <= 256 * 1024));
    }

    [Fact]
    public async Task No_batch_has_more_than_4096_items()
    {
        var gate = new TaskCompletionSource();
        Stream.Gate = gate.Task;
        var sends = Enumerable.Range(0, 5_000).Select(_ => _bench.SendAsync(new Submitted("u", "u", false, 0, new Unpin()))).ToArray();
        gate.SetResult();
        await _bench.AdvanceUntilAsync(() => sends.All(send => send.IsCompleted), "the answers");
        Assert.All(Stream.Batches, batch => Assert.True(batch.Items.Count <= 4_096));
    }

    [Fact]
    public async Task Too_much_that_waits_is_refused()
    {
        Stream.Gate = new TaskCompletionSource().Task;
        var refused = 0;
        for (var i = 0; i < 70 && refused == 0; i++)
        {
            var send = _bench.SendAsync([.. Enumerable.Repeat(FeedBench.Like(), 1_000)]);
            if (send.IsFaulted && send.Exception.InnerException is LogFullException) refused = i;
        }

        Assert.Equal(65, refused);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_stream_that_does_not_answer_leaves_room_for_others()
    {
        Stream.Gate = new TaskCompletionSource().Task;
        var other = _bench.Grains.Add("other");
        Submitted[] large = [FeedBench.Comment(new string('x', 50_000))];
        var taken = 0;
        while (!_bench.Outboxes.SendAsync(_bench.Info, large).IsFaulted) taken++;

        Assert.InRange(taken, 150, 170); // 16 MB
        var results = await _bench.Outboxes.SendAsync(_bench.Info with { Id = "other" }, large);
        Assert.True(results[0].IsAccepted);
        Assert.Single(other.Batches);
    }

    [Fact]
    public async Task Sequences_rise_also_after_a_quiet_streams_outbox_was_dropped()
    {
        await _bench.SendAsync(FeedBench.Comment("before"));
        await _bench.AdvanceUntilAsync(() => _bench.Time.GetUtcNow().Minute >= 3, "three minutes", stepMs: 10_000);
        await _bench.SendAsync(FeedBench.Comment("after"));
        Assert.Equal(2, Stream.Batches.Count);
        Assert.True(Stream.Batches[1].Sequence > Stream.Batches[0].Sequence);
    }

    private async Task DrainRetriesAsync()
    {
        var tries = -1;
        while (tries != Stream.Tries.Count)
        {
            tries = Stream.Tries.Count;
            for (var i = 0; i < 40; i++)
            {
                _bench.Advance(100);
                for (var turns = 0; turns < 20; turns++) await Task.Yield();
            }
        }
    }
}
