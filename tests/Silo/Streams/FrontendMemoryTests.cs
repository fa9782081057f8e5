using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Silo.Streams;
using Xunit;

namespace Interactions.Tests.Silo.Streams;

/// <summary>A frontend whose answer got lost sends its batch again, maybe to another silo that folded the log anew.</summary>
public sealed class FrontendMemoryTests
{
    private readonly Story _story = Story.Live();

    [Fact]
    public void A_batch_that_is_sent_again_is_answered_as_the_first_time_and_counts_once()
    {
        _story.Send("bob", new Comment("first", null), key: 7);
        var batch = _story.Next(
            "n1", new Taps("like", 3), new Taps("wow", 1), Story.By("bob", new Comment("again", null), key: 7), Story.By("eve", new Comment("hi", null)));
        var first = _story.Tell(new Batch("n2", 1, 0, [new Taps("like", 1)]), batch).Answers[1];
        Assert.Equal(BatchOutcome.Taken, first.Outcome);
        Assert.Equal([true, false, true, true], first.Results.Select(result => result.IsAccepted));
        Assert.Equal("k3f.3.0", first.Results[2].Id);
        Assert.Equal("k3f.4.4", first.Results[3].Id);

        var again = _story.Tell(batch);
        Assert.Equal((BatchOutcome.Repeated, false), (again.Answers[0].Outcome, again.Answers[0].IsRefused));
        Assert.Equal(first.Results, again.Answers[0].Results);
        Assert.Empty(again.Shown.Effects);
        Assert.Equal(0, again.Shown.OldestMs);
        Assert.Equal(4, _story.Total("like"));
        foreach (var state in new[] { _story.State, StreamState.Load(_story.State.Save()) })
        {
            var recalled = state.Recall("n1", 1, _story.NowMs)!;
            Assert.Equal(BatchOutcome.Repeated, recalled.Outcome);
            Assert.Equal(first.Results, recalled.Results);
            Assert.Null(state.Recall("n1", 2, _story.NowMs));
            Assert.Null(state.Recall("n3", 1, _story.NowMs));
        }
    }

    [Fact]
    public void Nothing_of_a_batch_before_the_last_one_is_decided()
    {
        _story.Tell(new Batch("n1", 5, 0, [new Taps("like", 1)]));
        Assert.Equal(BatchOutcome.Outdated, _story.State.Recall("n1", 4, _story.NowMs)!.Outcome);
        var answer = _story.Tell(new Batch("n1", 4, 0, [new Taps("like", 1)])).Answers[0];
        Assert.Equal((BatchOutcome.Outdated, true, 0), (answer.Outcome, answer.IsRefused, answer.Results.Length));
        Assert.Equal(BatchOutcome.Taken, _story.Tell(new Batch("n1", 9, 0, [new Taps("like", 1)])).Answers[0].Outcome);
        Assert.Equal(2, _story.Total("like"));
    }

    [Fact]
    public void The_same_batch_twice_in_one_entry_counts_once()
    {
        var batch = _story.Next("n1", new Taps("like", 1));
        var answers = _story.Tell(batch, batch).Answers;
        Assert.Equal([BatchOutcome.Taken, BatchOutcome.Repeated], answers.Select(answer => answer.Outcome));
        Assert.Equal(answers[0].Results, answers[1].Results);
        Assert.Equal(1, _story.Total("like"));
    }

    [Fact]
    public void The_grains_own_batches_are_all_new()
    {
        _story.Tell(new Batch("", 0, 0, [new Taps("like", 1)]));
        _story.Tell(new Batch("", 0, 0, [new Taps("like", 1)]));
        Assert.Null(_story.State.Recall("", 0, _story.NowMs));
        Assert.Equal(2, _story.Total("like"));
    }

    [Fact]
    public void A_frontend_is_remembered_for_ten_minutes_after_its_last_batch_though_it_is_gone()
    {
        _story.Tell("n1", new ViewersCounted(3));
        _story.Tell("n1", new Taps("like", 1));
        var end = _story.NowMs + FrontendMemory.KeepMs;
        _story.Tell(new FrontendGone("n1"));
        Assert.Empty(_story.State.Frontends);
        Assert.Equal(BatchOutcome.Repeated, _story.State.Recall("n1", 2, end - 1)!.Outcome);
        Assert.Equal(BatchOutcome.Outdated, _story.State.Recall("n1", 1, end - 1)!.Outcome);
        Assert.Null(_story.State.Recall("n1", 1, end));
        var loaded = StreamState.Load(_story.State.Save());
        Assert.Null(loaded.Recall("n1", 1, end));

        _story.NowMs = end - 1001;
        _story.Tell(new Taps("like", 1));
        Assert.NotNull(_story.State.Recall("n1", 2, 0));
        _story.Tell(new Taps("like", 1));
        Assert.Null(_story.State.Recall("n1", 2, 0));
    }

    [Fact]
    public void Beyond_1024_frontends_a_new_one_is_refused_until_one_is_forgotten()
    {
        _story.Tell("first", new Taps("like", 1));
        var end = _story.NowMs + FrontendMemory.KeepMs;
        for (var i = 1; i < FrontendMemory.Most; i += 93) _story.Tell([.. Enumerable.Range(i, 93).Select(n => _story.Next($"n{n}", new Taps("like", 1)))]);
        foreach (var state in new[] { _story.State, StreamState.Load(_story.State.Save()) })
        {
            Assert.Equal(BatchOutcome.Repeated, state.Recall("first", 1, end - 1)!.Outcome);
            Assert.Null(state.Recall("n500", 2, end - 1));
            Assert.Equal(BatchOutcome.TooManyFrontends, state.Recall("late", 1, end - 1)!.Outcome);
            Assert.Null(state.Recall("late", 1, end));
        }

        var refused = _story.Tell(new Batch("late", 1, 0, [new Taps("like", 1)])).Answers[0];
        Assert.Equal((BatchOutcome.TooManyFrontends, true, 0), (refused.Outcome, refused.IsRefused, refused.Results.Length));
        Assert.Equal(FrontendMemory.Most, _story.Total("like"));
        _story.NowMs = end - 1000;
        Assert.Equal(BatchOutcome.Taken, _story.Tell(new Batch("late", 1, 0, [new Taps("like", 1)])).Answers[0].Outcome);
        Assert.Equal(BatchOutcome.TooManyFrontends, _story.State.Recall("later", 1, _story.NowMs)!.Outcome);
    }
}
