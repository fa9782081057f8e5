using Interactions.Contracts.Binary;
using Interactions.Contracts.Frames;

namespace Interactions.Silo.Streams;

/// <summary>
/// What happened in a second, or in a longer stretch of them. Viewers are integrated over time up to the last
/// change, so that two buckets in a row add up to one.
/// </summary>
internal sealed class TimelineBucket(long startMs, long lengthMs, int viewers)
{
    private KindCount[] _reactions = [];
    private long _changedAtMs = startMs;
    private long _viewerMs;

    public long StartMs { get; } = startMs;

    public long LengthMs => lengthMs;

    public long EndMs => StartMs + lengthMs;

    /// <summary>By kind, in the order in which they came up.</summary>
    public IReadOnlyList<KindCount> Reactions => _reactions;

    public long Comments { get; private set; }

    public int Viewers { get; private set; } = viewers;

    public int Peak { get; private set; } = viewers;

    /// <summary>Viewers × ms from the beginning to that time or the bucket's end.</summary>
    public long ViewerMs(long untilMs) => _viewerMs + (Math.Max(0, Math.Min(untilMs, EndMs) - _changedAtMs) * Viewers);

    public void React(string kind, long count)
    {
        // There is a bucket for every second of an hour, so it holds no more than it has.
        var at = Array.FindIndex(_reactions, reaction => reaction.Kind == kind);
        if (at < 0) _reactions = [.. _reactions, new(kind, count)];
        else _reactions[at] = new(kind, _reactions[at].Count + count);
    }

    public void Comment() => Comments++;

    public void SetViewers(int count, long atMs)
    {
        _viewerMs = ViewerMs(atMs);
        _changedAtMs = Math.Max(_changedAtMs, Math.Min(atMs, EndMs));
        Viewers = count;
        Peak = Math.Max(Peak, count);
    }

    public TimelineBucket Copy() =>
        new(StartMs, lengthMs, Viewers) { _reactions = [.. _reactions], _changedAtMs = _changedAtMs, _viewerMs = _viewerMs, Comments = Comments, Peak = Peak };

    /// <summary>Adds a bucket that lies within this one and after everything in it.</summary>
    public void Absorb(TimelineBucket later)
    {
        foreach (var (kind, count) in later._reactions) React(kind, count);
        Comments += later.Comments;
        _viewerMs = ViewerMs(later.StartMs) + later._viewerMs;
        _changedAtMs = Math.Max(_changedAtMs, later._changedAtMs);
        Viewers = later.Viewers;
        Peak = Math.Max(Peak, later.Peak);
    }

    public static void Add(List<KindCount> counts, string kind, long count)
    {
        for (var i = 0; i < counts.Count; i++)
        {
            if (counts[i].Kind != kind) continue;
            counts[i] = new KindCount(kind, counts[i].Count + count);
            return;
        }

        counts.Add(new KindCount(kind, count));
    }

    public void Write(ByteWriter writer)
    {
        writer.Signed(StartMs);
        writer.Signed(lengthMs);
        writer.Count(_reactions.Length);
        foreach (var (kind, count) in _reactions)
        {
            writer.Text(kind);
            writer.Signed(count);
        }

        writer.Signed(Comments);
        writer.Count(Viewers);
        writer.Count(Peak);
        writer.Signed(_changedAtMs - StartMs);
        writer.Signed(_viewerMs);
    }

    public static TimelineBucket Read(ByteReader reader)
    {
        var bucket = new TimelineBucket(reader.Signed(), reader.Signed(), 0);
        for (var left = reader.Count(); left > 0; left--) bucket._reactions = [.. bucket._reactions, new(reader.Text(), reader.Signed())];
        bucket.Comments = reader.Signed();
        bucket.Viewers = reader.Index();
        bucket.Peak = reader.Index();
        bucket._changedAtMs = bucket.StartMs + reader.Signed();
        bucket._viewerMs = reader.Signed();
        return bucket;
    }
}
