using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Log;
using Interactions.Contracts.Views;
using Interactions.Silo.Streams;

namespace Interactions.Tests.Silo.Streams;

/// <summary>Tells a stream's story to a fold: each call is an entry, a second after the one before unless told otherwise.</summary>
internal sealed class Story
{
    public const long StartMs = 1_763_660_000_000;

    private readonly string _epoch;
    private long _offset;

    public Story(string region = "eu", string epoch = "k3f", long nowMs = StartMs)
    {
        (_epoch, NowMs) = (epoch, nowMs);
        State = new StreamState("match-7", region);
        View = State.ToView();
        Ring.Clear(Position.Start);
    }

    public StreamState State { get; }

    /// <summary>What the effects of each entry made of an empty view.</summary>
    public StreamView View { get; private set; }

    public EffectRing Ring { get; } = new(TimeSpan.FromSeconds(120), 4 << 20);

    public List<(Entry Entry, Batch Batch)> Log { get; } = [];

    public long NowMs { get; set; }

    public static Story Live(SettingsPatch? patch = null, string region = "eu", string epoch = "k3f")
    {
        var story = new Story(region, epoch);
        story.Tell(new Configured("ada", 42, patch ?? new SettingsPatch()));
        story.Tell(new StatusSet(StreamStatus.Live));
        return story;
    }

    public static Submitted By(string user, Interaction interaction, bool moderates = false, UInt128 key = default) =>
        new(user, user.ToUpperInvariant(), moderates, key, interaction);

    public Applied Tell(params BatchItem[] items)
    {
        NowMs += 1000;
        var batch = new Batch(NowMs - 5, items);
        var entry = new Entry(new Position(_epoch, ++_offset), NowMs, "p1", _offset, BatchCodec.Encode(batch));
        Log.Add((entry, batch));
        var applied = State.Apply(entry, batch);
        View.Apply(applied.Shown);
        Ring.Add(applied.Shown);
        return applied;
    }

    public ItemResult Send(string user, Interaction interaction, bool moderates = false, UInt128 key = default) =>
        Tell(By(user, interaction, moderates, key)).Results[0];

    /// <summary>Takes over what another region knows.</summary>
    public void Adopt(IReadOnlyDictionary<string, Part> parts)
    {
        State.Adopt(parts);
        View = State.ToView();
    }

    public Frame Snapshot(string? viewer) => View.Snapshot(viewer);

    public Frame Sum(long afterOffset, string? viewer, int maxComments, int maxCommentBytes = int.MaxValue) =>
        Ring.Sum(View, afterOffset, viewer, maxComments, maxCommentBytes);

    public long Total(string kind) => Snapshot(null).Totals!.Single(total => total.Kind == kind).Count;
}
