using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Silo.Streams;
using Xunit;

namespace Interactions.Tests.Silo.Streams;

/// <summary>What a stream refuses is answered and does not fill its log.</summary>
public sealed class EntrySieveTests
{
    private readonly Story _story = Story.Live(new SettingsPatch(SlowModeSeconds: 10));

    private long At => _story.NowMs + 1000;

    [Fact]
    public void What_is_refused_is_stored_without_its_text_and_answered_as_the_fold_would()
    {
        _story.Send("bob", new Comment("first", null));
        var batch = _story.Next(
            "n1", Story.By("bob", new Comment(new string('x', 400), null)), new Taps("wow", 5), Story.By("eve", new Reaction("like", 1)), new Taps("like", 2));
        var (stored, answer) = _story.State.Sieve(At, RuleBook.First).Sift(batch);
        Assert.Null(answer);
        Assert.Equal([new Rejected(Code.SlowMode, 9000), new Rejected(Code.UnknownKind, 0), batch.Items[2], batch.Items[3]], stored.Items);
        Assert.Equal(batch, stored with { Items = batch.Items });
        var unsifted = StreamState.Load(_story.State.Save());
        var results = _story.Tell(stored).Answers[0].Results;
        Assert.Equal(unsifted.Apply(_story.Log[^1].Entry, new EntryBody(RuleBook.First, [batch])).Answers[0].Results, results);
        Assert.Equal(results, _story.Tell(batch).Answers[0].Results);
    }

    [Fact]
    public void A_batch_of_which_all_is_taken_is_stored_as_it_is()
    {
        var batch = _story.Next("n1", new Taps("like", 1), Story.By("bob", new Comment("x", null)));
        var (stored, answer) = _story.State.Sieve(At, RuleBook.First).Sift(batch);
        Assert.Same(batch, stored);
        Assert.Null(answer);
    }

    [Fact]
    public void A_batch_of_refused_and_known_items_and_of_what_has_no_effect_needs_no_entry()
    {
        var first = _story.Send("bob", new Comment("first", null), key: 7);
        _story.Tell("n1", new ViewersCounted(3));
        var before = _story.State.Save();
        var batch = _story.Next(
            "n1", Story.By("bob", new Comment("first", null), key: 7), new Taps("wow", 1), new ViewersCounted(3), new StatusSet(StreamStatus.Live),
            new RosterLeft("bob"), new FrontendGone("n9"), new Rejected(Code.RateLimited, 5));
        var answer = _story.State.Sieve(At, RuleBook.First).Sift(batch).Answer!;
        Assert.Equal((BatchOutcome.Taken, batch.Sequence, "n1"), (answer.Outcome, answer.Sequence, answer.Frontend));
        Assert.Equal([first, ItemResult.Rejected(Code.UnknownKind)], answer.Results[..2]);
        Assert.All(answer.Results[2..6], result => Assert.True(result.IsAccepted));
        Assert.Equal(ItemResult.Rejected(Code.RateLimited, 5), answer.Results[6]);
        Assert.Equal(before, _story.State.Save());
        Assert.NotNull(_story.State.Sieve(At, RuleBook.First).Sift(_story.Next("n1")).Answer);
    }

    [Fact]
    public void Settings_with_too_many_kinds_need_no_entry()
    {
        var configured = new Configured("ada", 1, new SettingsPatch(Reactions: [.. Enumerable.Range(0, 65).Select(i => $"k{i}")]));
        Assert.Equal([ItemResult.Rejected(Code.TooManyKinds)], _story.State.Sieve(At, RuleBook.First).Sift(new Batch("", 0, 0, [configured])).Answer!.Results);
    }

    [Fact]
    public void Nothing_of_a_stream_that_is_not_live_is_stored()
    {
        _story.Tell(new StatusSet(StreamStatus.Ended));
        var batch = _story.Next("n1", new Taps("like", 1), Story.By("bob", new Reaction("like", 1)));
        Assert.All(_story.State.Sieve(At, RuleBook.First).Sift(batch).Answer!.Results, result => Assert.Equal(Code.NotLive, result.Code));
    }

    [Fact]
    public void A_slow_mode_that_ends_with_the_entrys_time_does_not_refuse()
    {
        _story.Send("bob", new Comment("first", null));
        var batch = _story.Next("n1", Story.By("bob", new Comment("second", null)));
        Assert.NotNull(_story.State.Sieve(_story.NowMs + 9_999, RuleBook.First).Sift(batch).Answer);
        Assert.Null(_story.State.Sieve(_story.NowMs + 10_000, RuleBook.First).Sift(batch).Answer);
    }

    [Theory]
    [InlineData("unban")]
    [InlineData("open")]
    [InlineData("configure")]
    public void An_item_is_kept_when_one_before_it_in_the_entry_may_decide_otherwise(string before)
    {
        _story.Send("mod", new Ban("bob", null, false), moderates: true);
        var (first, then) = before switch
        {
            "unban" => ((BatchItem)Story.By("mod", new Unban("bob"), moderates: true), Story.By("bob", new Reaction("like", 1))),
            "open" => (Story.By("ada", new OpenPoll("p", "?", ["a", "b"])), Story.By("eve", new Vote("p", 0))),
            _ => (new Configured("ada", 1, new SettingsPatch(Reactions: ["wow"])), Story.By("eve", new Reaction("wow", 1))),
        };
        var sieve = _story.State.Sieve(At, RuleBook.First);
        Assert.NotNull(sieve.Sift(_story.Next("n2", then)).Answer);
        Assert.Null(sieve.Sift(_story.Next("n1", first)).Answer);
        var kept = sieve.Sift(_story.Next("n3", then));
        Assert.Null(kept.Answer);
        Assert.Equal(then, kept.Stored.Items[0]);
    }

    [Fact]
    public void A_key_that_comes_twice_in_an_entry_is_left_to_the_fold()
    {
        var sieve = _story.State.Sieve(At, RuleBook.First);
        var batches = new[]
        {
            _story.Next("n1", Story.By("bob", new Reaction("like", 1), key: 7)),
            _story.Next("n2", Story.By("bob", new Reaction("wow", 1), key: 7)),
        };
        Assert.All(batches, batch => Assert.Null(sieve.Sift(batch).Answer));
        Assert.NotNull(sieve.Sift(_story.Next("n3", Story.By("bob", new Reaction("wow", 1), key: 8))).Answer);
        var answers = _story.Tell(batches).Answers;
        Assert.Equal(answers[0].Results, answers[1].Results);
    }

    [Fact]
    public void A_comment_that_waits_longer_by_one_before_it_in_the_entry_is_left_to_the_fold()
    {
        _story.Send("bob", new Comment("first", null));
        var sieve = _story.State.Sieve(At, RuleBook.First);
        sieve.Sift(_story.Next("n1", Story.By("bob", new Comment("as a moderator", null), moderates: true)));
        Assert.Null(sieve.Sift(_story.Next("n2", Story.By("bob", new Comment("as a viewer", null)))).Answer);
    }

    [Fact]
    public void A_guessed_id_of_a_comment_in_the_entry_is_left_to_the_fold()
    {
        var sieve = _story.State.Sieve(At, RuleBook.First);
        Assert.NotNull(sieve.Sift(_story.Next("n1", Story.By("eve", new Comment("re", "k3f.3.0")))).Answer);
        sieve.Sift(_story.Next("n2", Story.By("bob", new Comment("first", null))));
        Assert.Null(sieve.Sift(_story.Next("n3", Story.By("eve", new Comment("re", "k3f.3.0")))).Answer);
        Assert.NotNull(sieve.Sift(_story.Next("n4", Story.By("eve", new Comment("re", "k3f.2.0")))).Answer);
        Assert.NotNull(sieve.Sift(_story.Next("n5", Story.By("eve", new Comment("re", "nope")))).Answer);
    }
}
