using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.File;

/// <summary>
/// Where the entries and snapshots of one life of a stream are. The writer alone changes it, under
/// its lock; readers take slices under the same lock.
/// </summary>
internal sealed class StreamIndex(string name, string epoch, int born)
{
    private readonly List<long> _active = [];
    private List<Slice>? _sealed;
    private int _activeSegment;

    public string Name { get; } = name;

    public string Epoch { get; } = epoch;

    /// <summary>The first segment that may hold something of it.</summary>
    public int Born { get; } = born;

    public long First { get; private set; } = 1;

    public long Head { get; private set; }

    public long LastAtMs { get; private set; }

    public SnapshotPair<StoredSnapshot> Snapshots { get; } = new();

    /// <summary>What the writer has decided but not yet made durable. Only the writer looks here.</summary>
    public ProducerTable Producers { get; } = new();

    public long StagedHead { get; set; }

    public long StagedAtMs { get; set; }

    public long StagedSnapshot { get; set; }

    /// <summary>The newest segment that has something of it.</summary>
    public int TouchedSegment { get; set; } = -1;

    public int ActiveCount => _active.Count;

    public long ActiveFirst => Head - _active.Count + 1;

    public Position HeadPosition => Head == 0 ? Position.Start : new Position(Epoch, Head);

    public void Append(int segment, long location, long atMs)
    {
        lock (this)
        {
            Head++;
            _activeSegment = segment;
            LastAtMs = atMs;
            _active.Add(location);
        }
    }

    /// <summary>From now on the locations of the active segment's entries are read from its index file.</summary>
    public void Seal(int segment, long indexAt)
    {
        lock (this)
        {
            if (_active.Count == 0) return;
            (_sealed ??= []).Add(new Slice(segment, ActiveFirst, _active.Count, indexAt));
            _active.Clear();
            if (_active.Capacity > 64) _active.Capacity = 0;
        }
    }

    /// <summary>At start: entries of a sealed segment. Their offsets follow the head.</summary>
    public void AddSealed(Slice slice, long atMs)
    {
        lock (this)
        {
            (_sealed ??= []).Add(slice);
            Head += slice.Count;
            LastAtMs = atMs;
        }
    }

    /// <summary>At start: the offsets up to here are not in the journal any more, and those before them are of no use.</summary>
    public void SkipTo(long head, long atMs, Action<int, int> release)
    {
        lock (this)
        {
            TrimTo(Head + 1, release);
            Head = head;
            First = head + 1;
            LastAtMs = Math.Max(LastAtMs, atMs);
        }
    }

    /// <summary>At start, when all is known: the writer goes on from here.</summary>
    public void Settle()
    {
        (StagedHead, StagedAtMs, StagedSnapshot) = (Head, LastAtMs, Snapshots.Newest?.Offset ?? 0);
    }

    /// <summary>The stream was deleted: who still holds this finds nothing.</summary>
    public void End(Action<int, int> release)
    {
        lock (this)
        {
            TrimTo(Head + 1, release);
            if (Snapshots.Newest is { } newest) release(newest.Value.Segment, 1);
            if (Snapshots.SecondNewest is { } second) release(second.Value.Segment, 1);
            (First, Head) = (1, 0);
        }
    }

    /// <param name="first">The first offset kept.</param>
    /// <param name="release">Told how many records of which segment are not needed any more.</param>
    public void TrimTo(long first, Action<int, int> release)
    {
        lock (this)
        {
            if (first <= First) return;
            while (_sealed is [var oldest, ..] && oldest.First < first)
            {
                var count = (int)Math.Min(oldest.Count, first - oldest.First);
                release(oldest.Segment, count);
                if (count == oldest.Count) _sealed.RemoveAt(0);
                else _sealed[0] = new Slice(oldest.Segment, first, oldest.Count - count, oldest.IndexAt + (Slice.LocationBytes * (long)count));
            }

            var active = (int)Math.Clamp(first - ActiveFirst, 0, _active.Count);
            if (active > 0)
            {
                release(_activeSegment, active);
                _active.RemoveRange(0, active);
            }

            First = first;
        }
    }

    /// <returns>Where the up to <paramref name="max"/> entries after the position are, if it can be read from.</returns>
    public ReadStatus Find(Position after, int max, List<Slice> slices, out Position head)
    {
        lock (this)
        {
            head = HeadPosition;
            var status = Head == 0 ? LogRules.Unknown(after).Status : LogRules.Judge(Epoch, First, Head, after);
            if (status != ReadStatus.Ok) return status;

            var next = after.Offset + 1;
            var end = Math.Min(Head, after.Offset + max);
            for (var i = SealedAt(next); _sealed is not null && i < _sealed.Count && next <= end && next < ActiveFirst; i++)
            {
                var slice = _sealed[i];
                var skip = next - slice.First;
                var count = (int)Math.Min(slice.Count - skip, end - next + 1);
                slices.Add(new Slice(slice.Segment, next, count, slice.IndexAt + (Slice.LocationBytes * skip)));
                next += count;
            }

            if (next <= end)
            {
                var locations = _active.GetRange((int)(next - ActiveFirst), (int)(end - next + 1)).ToArray();
                slices.Add(new Slice(_activeSegment, next, locations.Length, 0, locations));
            }

            return status;
        }
    }

    /// <summary>Whether there is something that a reader at this position has not seen.</summary>
    public bool IsBeyond(Position position)
    {
        lock (this) return HeadPosition != position;
    }

    public void WriteLocations(ByteWriter to)
    {
        foreach (var location in _active) to.Int64(location);
    }

    /// <summary>The sealed slice with this offset, by halving: a long stream is in many segments.</summary>
    private int SealedAt(long offset)
    {
        var (low, high) = (0, (_sealed?.Count ?? 0) - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_sealed![middle].First <= offset) low = middle;
            else high = middle - 1;
        }

        return low;
    }
}
