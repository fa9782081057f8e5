using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Silo.Streams;
using Xunit;

namespace Interactions.Tests.Silo.Streams;

public sealed class KindsTests
{
    [Fact]
    public void A_stream_knows_at_most_64_kinds_in_its_life()
    {
        var story = Story.Live(Kinds(0, 16));
        for (var i = 16; i < 64; i += 16) Assert.True(story.Tell(Configured(Kinds(i, 16))).Answers[0].Results[0].IsAccepted);

        AssertFull(story.State);
        AssertFull(StreamState.Load(story.State.Save()));
        var refused = story.Tell(Configured(Kinds(64, 1) with { Title = "no" }));
        Assert.Equal(Code.TooManyKinds, refused.Answers[0].Results[0].Code);
        Assert.Empty(refused.Shown.Effects);
        Assert.Equal(("", 16), (story.State.Settings.Title, story.State.Settings.Reactions.Count));
        Assert.True(story.Tell(Configured(Kinds(0, 3) with { Title = "yes" })).Answers[0].Results[0].IsAccepted);
        Assert.True(story.Send("bob", new Reaction("k2", 1)).IsAccepted);
    }

    private static void AssertFull(StreamState state)
    {
        Assert.Equal(Code.Accepted, state.Check(Kinds(48, 16)));
        Assert.Equal(Code.Accepted, state.Check(new SettingsPatch(Title: "t")));
        Assert.Equal(Code.TooManyKinds, state.Check(Kinds(63, 2)));
    }

    private static SettingsPatch Kinds(int first, int count) => new(Reactions: [.. Enumerable.Range(first, count).Select(i => $"k{i}")]);

    private static Configured Configured(SettingsPatch patch) => new("ada", 42, patch);
}
