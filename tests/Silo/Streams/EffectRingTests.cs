using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Silo.Streams;
using Xunit;

namespace Interactions.Tests.Silo.Streams;

public sealed class EffectRingTests
{
    [Fact]
    public void A_ring_covers_what_it_holds_and_nothing_of_another_epoch()
    {
        var story = Story.Live();
        Assert.True(story.Ring.Covers(Position.Start));
        Assert.True(story.Ring.Covers(new Position("k3f", 0)));
        Assert.True(story.Ring.Covers(new Position("k3f", 2)));
        Assert.False(story.Ring.Covers(new Position("k3f", 3)));
        Assert.False(story.Ring.Covers(new Position("old", 1)));
        story.Ring.Clear(new Position("k3f", 2));
        Assert.False(story.Ring.Covers(Position.Start));
        Assert.False(story.Ring.Covers(new Position("k3f", 1)));
        Assert.True(story.Ring.Covers(new Position("k3f", 2)));
    }

    [Fact]
    public void Entries_fall_out_by_log_time()
    {
        var story = Story.Live();
        story.NowMs += 119_000;
        story.Tell(new Taps("like", 1));
        Assert.True(story.Ring.Covers(new Position("k3f", 1)));
        Assert.False(story.Ring.Covers(new Position("k3f", 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => story.Sum(0, null, 50));
    }

    [Fact]
    public void Entries_fall_out_by_size()
    {
        var story = Story.Live();
        for (var i = 0; i < 100; i++) story.Send($"u{i}", new Cue("big", new byte[60_000]));
        Assert.InRange(story.Ring.SizeBytes, 3 << 20, 4 << 20);
        Assert.False(story.Ring.Covers(new Position("k3f", 2)));
        Assert.True(story.Ring.Covers(story.State.Position));
    }

    [Fact]
    public void An_entry_of_a_new_epoch_starts_the_ring_anew()
    {
        var (old, next) = (Story.Live(), Story.Live(epoch: "new"));
        old.Ring.Add(next.State.Apply(next.Log[0].Entry with { Position = new Position("new", 3) }, next.Log[0].Body).Shown);
        Assert.False(old.Ring.Covers(new Position("k3f", 2)));
        Assert.False(old.Ring.Covers(Position.Start));
        Assert.True(old.Ring.Covers(new Position("new", 2)));
    }

    [Fact]
    public void A_slow_viewer_gets_the_newest_comments_all_cues_and_how_much_was_missed()
    {
        var story = Story.Live();
        var before = story.State.Position.Offset;
        var ids = Enumerable.Range(0, 60).Select(i => story.Send("bob", new Comment($"{i}", null)).Id!).ToArray();
        for (var i = 0; i < 30; i++) story.Send("ada", new Cue($"c{i}", default));
        story.Send("bob", new Delete(ids[59]));
        story.Send("bob", new Delete(ids[0]));
        var frame = story.Sum(before, null, 50);
        Assert.Equal(50, frame.Comments!.Count);
        Assert.Equal(8, frame.Missed);
        Assert.Equal("58", frame.Comments[^1].Text);
        Assert.Equal(30, frame.Cues!.Count);
        Assert.Null(frame.Removed);
        Assert.Equal(story.State.Position, frame.Position);
        Assert.Equal(20, story.Snapshot(null).Cues!.Count);
    }

    [Fact]
    public void What_nobody_sees_makes_an_empty_frame()
    {
        var story = Story.Live(new SettingsPatch(Tap: false));
        story.Send("bob", new Reaction("like", 1));
        var before = story.State.Position.Offset;
        story.Send("mod", new Ban("eve", null, false), moderates: true);
        story.Send("bob", new Reaction("like", 1));
        story.Send("bob", new Comment("", null));
        var frame = story.Sum(before, null, 50);
        Assert.True(frame.IsEmpty);
        Assert.Equal(0, frame.OldestMs);
        story.Send("bob", new Reaction("like", 0));
        Assert.Equal(story.NowMs - 5, story.Sum(before, null, 50).OldestMs);
    }

    [Fact]
    public void Joins_and_leaves_are_netted()
    {
        var story = Story.Live();
        story.Tell("n1", new RosterJoined("bob", "Bob"));
        var before = story.State.Position.Offset;
        story.Tell(story.Next("n1", new RosterLeft("bob"), new RosterJoined("eve", "Eve")), story.Next("n2", new RosterJoined("bob", "Bob")));
        story.Tell("n1", new RosterLeft("eve"));
        Assert.False(story.Sum(before, null, 50).RosterChanged);
        story.Tell("n2", new RosterLeft("bob"));
        Assert.Equal(["bob"], story.Sum(before, null, 50).Roster!.Left);
    }
}
