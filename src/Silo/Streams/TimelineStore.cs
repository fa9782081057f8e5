using Interactions.Contracts.Binary;

namespace Interactions.Silo.Streams;

/// <summary>
/// A region's timeline: seconds in which something happened, for an hour; before that stretches of 10 s, which
/// double in length whenever there are more than a day's worth of them, so that a stream may go on for ever.
/// </summary>
internal sealed class TimelineStore
{
    public const int MaxCoarse = 24 * 360;
    private const long FineMs = 1000;
    private const long FineKeepMs = 3600 * FineMs;

    private readonly Queue<TimelineBucket> _fine = [];
    private List<TimelineBucket> _coarse = [];
    private TimelineBucket? _last;
    private long _coarseMs = 10_000;
    private long _originMs = -1;
    private int _viewers;

    /// <summary>
    /// A copy that later entries don't change, oldest first; seconds and stretches in which nothing happened are left out.
    /// Cheap: all but the newest two buckets are shared.
    /// </summary>
    public TimelineBucket[] Freeze()
    {
        var buckets = new TimelineBucket[_coarse.Count + _fine.Count];
        _coarse.CopyTo(buckets);
        _fine.CopyTo(buckets, _coarse.Count);
        if (_coarse.Count > 0) buckets[_coarse.Count - 1] = _coarse[^1].Copy();
        if (_fine.Count > 0) buckets[^1] = buckets[^1].Copy();
        return buckets;
    }

    /// <summary>Stretches begin where the stream does, so that the steps of a timeline are made of whole ones.</summary>
    public void Start(long atMs) => _originMs = Second(atMs);

    public void React(long atMs, string kind, long count) => At(atMs).React(kind, count);

    public void Comment(long atMs) => At(atMs).Comment();

    public void SetViewers(long atMs, int count)
    {
        if (count == _viewers) return;
        At(atMs).SetViewers(count, atMs);
        _viewers = count;
    }

    public static long Second(long atMs) => atMs - (atMs % FineMs);

    private TimelineBucket At(long atMs)
    {
        var second = Second(atMs);
        if (_originMs < 0) _originMs = second;
        if (_last is not null && second < _last.EndMs) return _last;
        while (_fine.TryPeek(out var oldest) && oldest.EndMs <= second - FineKeepMs) Coarsen(_fine.Dequeue());
        _last = new TimelineBucket(second, FineMs, _viewers);
        _fine.Enqueue(_last);
        return _last;
    }

    private void Coarsen(TimelineBucket second)
    {
        AddCoarse(_coarse, second);
        if (_coarse.Count <= MaxCoarse) return;
        _coarseMs *= 2;
        var longer = new List<TimelineBucket>((_coarse.Count / 2) + 1);
        foreach (var bucket in _coarse) AddCoarse(longer, bucket);
        _coarse = longer;
    }

    private void AddCoarse(List<TimelineBucket> coarse, TimelineBucket bucket)
    {
        var start = _originMs + (FloorDivide(bucket.StartMs - _originMs, _coarseMs) * _coarseMs);
        if (coarse.Count == 0 || coarse[^1].EndMs <= start)
        {
            coarse.Add(new TimelineBucket(start, _coarseMs, coarse.Count == 0 ? 0 : coarse[^1].Viewers));
        }

        coarse[^1].Absorb(bucket);
    }

    private static long FloorDivide(long value, long by) => value >= 0 ? value / by : -((by - 1 - value) / by);

    public void Write(ByteWriter writer)
    {
        writer.Signed(_coarseMs);
        writer.Signed(_originMs);
        writer.Count(_viewers);
        writer.Count(_coarse.Count);
        foreach (var bucket in _coarse) bucket.Write(writer);
        writer.Count(_fine.Count);
        foreach (var bucket in _fine) bucket.Write(writer);
    }

    public static TimelineStore Read(ByteReader reader)
    {
        var store = new TimelineStore { _coarseMs = reader.Signed(), _originMs = reader.Signed(), _viewers = reader.Index() };
        for (var left = reader.Count(); left > 0; left--) store._coarse.Add(TimelineBucket.Read(reader));
        for (var left = reader.Count(); left > 0; left--) store._fine.Enqueue(store._last = TimelineBucket.Read(reader));
        return store;
    }
}
