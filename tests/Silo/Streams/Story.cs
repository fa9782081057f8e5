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
    private readonly Dictionary<string, long> _sequences = [];
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

    public List<(Entry Entry, EntryBody Body)> Log { get; } = [];

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

    /// <summary>What the stream's own grain adds.</summary>
    public Applied Tell(params BatchItem[] items) => Tell(new Batch("", 0, NowMs + 995, items));

    /// <summary>What a frontend sends next.</summary>
    public Applied Tell(string frontend, params BatchItem[] items) => Tell(Next(frontend, items));

    /// <summary>The frontend's next batch.</summary>
    public Batch Next(string frontend, params BatchItem[] items) =>
        new(frontend, _sequences[frontend] = Sequence(frontend) + 1, NowMs + 995, items);

    /// <summary>Of the frontend's last batch; 0 = it sent none.</summary>
    public long Sequence(string frontend) => _sequences.GetValueOrDefault(frontend);

    /// <summary>An entry of several frontends' batches.</summary>
    public Applied Tell(params Batch[] batches)
    {
        NowMs += 1000;
        var body = new EntryBody(RuleBook.First, batches);
        var entry = new Entry(new Position(_epoch, ++_offset), NowMs, "p1", _offset, EntryCodec.Encode(body));
        Log.Add((entry, body));
        var applied = State.Apply(entry, body);
        View.Apply(applied.Shown);
        Ring.Add(applied.Shown);
        return applied;
    }

    public ItemResult Send(string user, Interaction interaction, bool moderates = false, UInt128 key = default) =>
        Tell(By(user, interaction, moderates, key)).Answers[0].Results[0];

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
