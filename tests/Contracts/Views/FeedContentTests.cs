using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Interactions.Contracts;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Views;
using Interactions.Tests.Contracts.Effects;
using Interactions.Tests.Silo.Streams;
using Xunit;

namespace Interactions.Tests.Contracts.Views;

/// <summary>What a frontend makes of what it is given when it subscribes.</summary>
public sealed class FeedContentTests
{
    [Fact]
    public void A_frontend_that_subscribes_serves_what_the_stream_itself_would() => Check(numbers =>
    {
        var story = RandomStory.Of(numbers);
        var content = Sent(new FeedContent(story.State.Describe(), story.Ring.Start, story.Ring.After(story.Ring.Start)));
        Assert.Equal(story.State.Position, content.Head);
        var (view, ring) = (new StreamView("match-7"), NewRing(content.Start));
        view.Apply(content.View!);
        foreach (var entry in content.Entries) ring.Add(entry);

        AssertSame(story, view, ring);
        foreach (var number in numbers.Take(5)) RandomStory.Tell(story, number);
        if (!story.Ring.Covers(content.Head)) return;
        foreach (var entry in story.Ring.After(content.Head)) Take(view, ring, EffectCodec.Decode(EffectCodec.Encode(entry)));
        AssertSame(story, view, ring);
    });

    [Fact]
    public void A_frontend_that_was_away_goes_on_from_where_it_stood() => Check(numbers =>
    {
        var story = RandomStory.Of(numbers[..(numbers.Length / 2)]);
        var (view, ring) = (story.State.ToView(), NewRing(story.State.Position));
        foreach (var number in numbers[(numbers.Length / 2)..]) RandomStory.Tell(story, number);
        if (!story.Ring.Covers(view.Position)) return;
        foreach (var entry in Sent(new FeedContent(null, view.Position, story.Ring.After(view.Position))).Entries) Take(view, ring, entry);
        AssertSame(story, view, ring);
    });

    [Fact]
    public void Pieces_are_of_about_the_size_that_was_asked_for_and_make_the_whole_again() => Check(numbers =>
    {
        var story = RandomStory.Of(numbers);
        var whole = new FeedContent(story.State.Describe(), story.Ring.Start, story.Ring.After(story.Ring.Start));
        var since = new FeedContent(null, story.Ring.Start, whole.Entries);
        foreach (var content in new[] { whole, since, since with { Entries = [] } })
        {
            foreach (var size in new[] { 1, 500, 5_000 })
            {
                var pieces = content.Split(size);
                Assert.All(pieces, piece => Assert.True(SizeOf(piece) <= size || (piece.View?.Effects.Count ?? 0) + piece.Entries.Sum(entry => Math.Max(1, entry.Effects.Count)) == 1, $"{SizeOf(piece)} bytes"));
                Assert.Equal(content.Encode(), FeedContent.Join([.. pieces.Select(piece => FeedContent.Decode(piece.Encode()))]).Encode());
            }

            Assert.Same(content, Assert.Single(content.Split(1 << 30)));
        }

        static int SizeOf(FeedContent piece) => (piece.View?.Effects.Sum(effect => effect.SizeBytes) ?? 0) + piece.Entries.Sum(entry => entry.SizeBytes);
    });

    [Fact]
    public void Content_cut_short_or_with_bytes_to_spare_is_refused()
    {
        var story = Story.Live();
        var bytes = new FeedContent(story.State.Describe(), story.Ring.Start, story.Ring.After(story.Ring.Start)).Encode();
        for (var length = 0; length < bytes.Length; length++) Assert.Throws<InvalidDataException>(() => FeedContent.Decode(bytes.AsMemory(0, length)));
        Assert.Throws<InvalidDataException>(() => FeedContent.Decode((byte[])[.. bytes, 0]));
        Assert.Throws<InvalidDataException>(() => FeedContent.Decode((byte[])[2, .. bytes[1..]]));
    }

    [Fact]
    public void Entries_with_a_hole_are_not_written()
    {
        var entries = new[] { 1, 3 }.Select(offset => new EntryEffects(new Position("k3f", offset), 5, 0, [])).ToArray();
        Assert.Throws<ArgumentException>(() => new FeedContent(null, new Position("k3f", 0), entries).Encode());
    }

    private static void Check(Action<int[]> rule) => FsCheck.Check.One(RandomStory.Config.WithMaxTest(50), Prop.ForAll(RandomStory.Numbers, rule));

    private static EffectRing NewRing(Position start)
    {
        var ring = new EffectRing(TimeSpan.FromSeconds(120), 4 << 20);
        ring.Clear(start);
        return ring;
    }

    private static void Take(StreamView view, EffectRing ring, EntryEffects entry)
    {
        view.Apply(entry);
        ring.Add(entry);
    }

    private static FeedContent Sent(FeedContent content)
    {
        var bytes = content.Encode();
        var sent = FeedContent.Decode(bytes);
        Assert.Equal(bytes, sent.Encode());
        Assert.Equal((content.Start, content.Head), (sent.Start, sent.Head));
        Assert.Equal(content.Entries.Select(AnyEffects.Seen), sent.Entries.Select(AnyEffects.Seen));
        return sent;
    }

    private static void AssertSame(Story story, StreamView view, EffectRing ring)
    {
        var floor = Math.Max(ring.Start.Offset, story.Ring.Start.Offset);
        foreach (var viewer in new[] { null, "bob", "eve" })
        {
            Assert.Equal(Json(story.Snapshot(viewer)), Json(view.Snapshot(viewer)));
            for (var offset = floor; offset <= view.Position.Offset; offset += 7)
            {
                Assert.Equal(Json(story.Sum(offset, viewer, 50)), Json(ring.Sum(view, offset, viewer, 50)));
            }
        }
    }

    private static string Json(Frame frame) => Encoding.UTF8.GetString(FrameJson.Encode(frame, 0));
}
