using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Views;
using Interactions.Silo.Streams;
using Interactions.Tests.Contracts.Effects;
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
    public void Entries_after_a_covered_position_are_given_with_the_effects_that_are_held()
    {
        var story = Story.Live();
        for (var i = 0; i < 200; i++) story.Tell(new Taps("like", 1), Story.By("bob", new Comment($"{i}", null)));
        var entries = story.Ring.After(story.Ring.Start);
        Assert.InRange(entries.Count, 120, 121);
        Assert.Equal(story.State.Position, entries[^1].Position);
        Assert.Equal(entries.Skip(5).Select(Seen), story.Ring.After(entries[4].Position).Select(Seen));
        Assert.Empty(story.Ring.After(story.State.Position));
        Assert.Throws<ArgumentOutOfRangeException>(() => story.Ring.After(new Position("k3f", 2)));
        Assert.Throws<ArgumentOutOfRangeException>(() => story.Ring.After(new Position("old", story.State.Position.Offset)));
        var shown = story.Tell(new Taps("like", 1)).Shown;
        Assert.Same(shown.Effects[0], story.Ring.After(entries[^1].Position)[0].Effects[0]);
        Assert.Equal(2, Story.Live().Ring.After(Position.Start).Count);
    }

    [Fact]
    public void A_rings_older_reach_is_filled_in_beside()
    {
        var (story, log) = Told(100);
        var whole = Ring(log, from: 0);
        var ring = Ring(log, from: 60);
        ring.Prepend(log[..70]);
        Assert.Equal(whole.Start, ring.Start);
        Assert.Equal(whole.SizeBytes, ring.SizeBytes);
        Assert.Equal(whole.After(whole.Start).Select(Seen), ring.After(ring.Start).Select(Seen));
        Assert.Equal(whole.TellsOfBans(0, "bob", false), ring.TellsOfBans(0, "bob", false));
        Assert.Equal(FrameOf(whole), FrameOf(ring));

        var next = story.Tell(new Taps("like", 1)).Shown;
        whole.Add(next);
        ring.Add(next);
        story.NowMs += 60_000;
        next = story.Tell(new Taps("like", 1)).Shown;
        whole.Add(next);
        ring.Add(next);
        Assert.Equal(whole.After(whole.Start).Select(Seen), ring.After(ring.Start).Select(Seen));
        Assert.Equal((whole.Start, whole.SizeBytes, whole.AnyBans), (ring.Start, ring.SizeBytes, ring.AnyBans));

        string FrameOf(EffectRing one) => System.Text.Encoding.UTF8.GetString(
            FrameJson.Encode(one.Sum(story.View, 30, "bob", 50), 0));
    }

    [Fact]
    public void A_ring_that_holds_nothing_yet_is_filled_in_up_to_its_start()
    {
        var (_, log) = Told(10);
        var ring = Ring(log, from: 10);
        ring.Prepend(log);
        Assert.Equal(new Position("k3f", 0), ring.Start);
        Assert.Equal(10, ring.After(ring.Start).Count);
        Assert.False(ring.Covers(Position.Start));
    }

    [Fact]
    public void Of_older_entries_only_those_within_time_and_size_are_taken()
    {
        var (_, log) = Told(200);
        var ring = Ring(log, from: 190);
        ring.Prepend(log[..190]);
        Assert.Equal(Ring(log, from: 0).Start, ring.Start);

        var small = Ring(log, from: 190, maxBytes: 4096);
        small.Prepend(log[..190]);
        Assert.Equal(Ring(log, from: 0, maxBytes: 4096).Start, small.Start);
        Assert.InRange(small.SizeBytes, 3000, 4096);
    }

    [Fact]
    public void Older_entries_that_do_not_lead_up_to_the_ring_are_not_taken()
    {
        var (_, log) = Told(20);
        var ring = Ring(log, from: 10);
        ring.Prepend(log[..9]);
        ring.Prepend([]);
        ring.Prepend([.. Told(10, "old").Log]);
        Assert.Equal(new Position("k3f", 10), ring.Start);
        Assert.Equal(10, ring.After(ring.Start).Count);
        new EffectRing(TimeSpan.FromSeconds(120), 4 << 20).Prepend(log);
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

    private static (Story Story, EntryEffects[] Log) Told(int entries, string epoch = "k3f")
    {
        var story = Story.Live(epoch: epoch);
        var log = story.Ring.After(story.Ring.Start).ToList();
        while (log.Count < entries)
        {
            log.Add(story.Tell(new Taps("like", 1), Story.By("bob", new Comment("x", null))).Shown);
            if (log.Count % 25 == 0) log.Add(story.Tell(Story.By("mod", new Ban($"{log.Count}", 1, false), moderates: true)).Shown);
        }

        return (story, [.. log]);
    }

    private static EffectRing Ring(EntryEffects[] log, int from, int maxBytes = 4 << 20)
    {
        var ring = new EffectRing(TimeSpan.FromSeconds(120), maxBytes);
        ring.Clear(new Position(log[0].Position.Epoch, from));
        foreach (var entry in log[from..]) ring.Add(entry);
        return ring;
    }

    private static string Seen(EntryEffects entry) => AnyEffects.Seen(entry);
}
