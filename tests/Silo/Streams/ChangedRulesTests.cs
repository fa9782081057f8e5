using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Log;
using Interactions.NextRelease;
using Interactions.Silo.Streams;
using Xunit;

namespace Interactions.Tests.Silo.Streams;

/// <summary>The fold of a silo that knows two versions of the rules.</summary>
public sealed class ChangedRulesTests
{
    private readonly StreamState _state = new("match-7", "eu", NextRules.Book);
    private long _offset;

    public ChangedRulesTests() => Apply(RuleBook.First, new Configured("ada", 42, new SettingsPatch()), new StatusSet(StreamStatus.Live));

    [Fact]
    public void An_entry_is_decided_by_the_rules_that_it_names()
    {
        Assert.Equal(Code.Accepted, Apply(RuleBook.First, Spoiler())[0].Code);
        Assert.Equal(Code.Forbidden, Apply(NextRules.Version, Spoiler())[0].Code);
        Assert.Equal(Code.Accepted, Apply(NextRules.Version, Story.By("bob", new Comment("Goal!", null)))[0].Code);
    }

    [Fact]
    public void What_is_not_stored_yet_is_judged_by_the_rules_that_its_entry_is_going_to_name()
    {
        var batch = new Batch("f-1", 1, 0, [Spoiler()]);
        Assert.Null(_state.Sieve(_state.AtMs, RuleBook.First).Sift(batch).Answer);
        Assert.Equal(Code.Forbidden, _state.Sieve(_state.AtMs, NextRules.Version).Sift(batch).Answer!.Results[0].Code);
    }

    [Fact]
    public void An_entry_of_later_rules_is_refused_and_changes_nothing()
    {
        var story = Story.Live();
        var before = story.State.Save();
        var (entry, body) = story.Log[^1];
        var refused = Assert.Throws<LaterRulesException>(() => story.State.Apply(entry with { Position = new Position("k3f", 3) }, body with { Rules = NextRules.Version }));
        Assert.Equal(NextRules.Version, refused.Version);
        Assert.Equal(before, story.State.Save());
    }

    [Fact]
    public void A_saved_fold_names_the_latest_rules_of_its_entries()
    {
        Assert.Equal(RuleBook.First, StreamState.Load(_state.Save(), RuleBook.Standard).Rules);
        Apply(NextRules.Version, Spoiler());
        Assert.Equal(NextRules.Version, StreamState.Load(_state.Save(), NextRules.Book).Rules);
        Assert.Equal(NextRules.Version, Assert.Throws<LaterRulesException>(() => StreamState.Load(_state.Save(), RuleBook.Standard)).Version);
    }

    [Fact]
    public void A_saved_fold_of_a_form_that_comes_with_later_rules_is_told_from_damage()
    {
        byte[] later = [99, NextRules.Version, 1, 2, 3];
        Assert.Throws<LaterRulesException>(() => StreamState.Load(later, RuleBook.Standard));
        Assert.Throws<InvalidDataException>(() => StreamState.Load(later, NextRules.Book));
    }

    private static Submitted Spoiler() => Story.By("bob", new Comment($"a {NextRules.Forbidden}", null));

    private ItemResult[] Apply(byte rules, params BatchItem[] items)
    {
        var body = new EntryBody(rules, [new Batch("", 0, 0, items)]);
        var entry = new Entry(new Position("k3f", ++_offset), Story.StartMs + (1000 * _offset), "p1", _offset, EntryCodec.Encode(body));
        return _state.Apply(entry, body).Answers[0].Results;
    }
}
