using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Logs.File;

/// <summary>
/// What the segments hold: the streams, where their records are, and which segments are needed. Changed by
/// recovery and then by the writer alone; streams and segments may be looked up by any thread.
/// </summary>
internal sealed class Journal(FileLogOptions options, ILogger logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, StreamIndex> _streams = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, Segment> _segments = new();
    private readonly HashSet<StreamIndex> _touched = [];
    private volatile bool _disposed;

    public FileLogOptions Options { get; } = options;

    /// <summary>The segment that is written to. Only the writer looks here.</summary>
    public Segment Active { get; private set; } = null!;

    /// <summary>Whether a sealed segment may have become free.</summary>
    public bool MayFree { get; private set; }

    public bool IsDisposed => _disposed;

    public int StreamCount => _streams.Count;

    public StreamIndex? Find(string stream) => _streams.GetValueOrDefault(stream);

    /// <exception cref="ObjectDisposedException">The segment was freed.</exception>
    public Segment SegmentOf(int id) =>
        _segments.TryGetValue(id, out var segment) ? segment : throw new ObjectDisposedException($"segment {id}");

    public void Begin(Segment segment)
    {
        _segments[segment.Id] = segment;
        Active = segment;
        _touched.Clear();
    }

    /// <summary>Writes the active segment's index file. On an exception nothing has changed.</summary>
    public void Seal(long length)
    {
        _touched.RemoveWhere(stream => _streams.GetValueOrDefault(stream.Name) != stream);
        SegmentIndexFile.Write(Active, length, _touched);
        _touched.Clear();
        MarkSealed(Active);
    }

    public void MarkSealed(Segment segment)
    {
        segment.IsSealed = true;
        MayFree |= segment.Live == 0;
    }

    public StreamIndex Open(string stream, string epoch, int born)
    {
        var index = new StreamIndex(stream, epoch, born);
        _streams[stream] = index;
        return index;
    }

    /// <summary>At start, when all is known.</summary>
    public void Settle()
    {
        foreach (var stream in _streams.Values) stream.Settle();
    }

    public void Forget(StreamIndex stream) => _streams.TryRemove(KeyValuePair.Create(stream.Name, stream));

    /// <summary>At start: this life of the stream; another one that is still known is over.</summary>
    public StreamIndex Life(Segment segment, string stream, string epoch)
    {
        if (Find(stream) is { } held)
        {
            if (held.Epoch == epoch) return held;
            Drop(held);
        }

        return Open(stream, epoch, segment.Id);
    }

    public void Append(StreamIndex stream, long location, long atMs)
    {
        stream.Append(Active.Id, location, atMs);
        Active.Live++;
        Touch(stream);
    }

    public void PutSnapshot(StreamIndex stream, long offset, long atMs, StoredSnapshot snapshot)
    {
        SnapshotPair<StoredSnapshot>.Held? dropped;
        lock (stream)
        {
            if (!stream.Snapshots.TryPut(offset, atMs, snapshot, out dropped)) return;
        }

        SegmentOf(snapshot.Segment).Live++;
        if (dropped is { } old) Release(old.Value.Segment, 1);
        if (snapshot.Segment == Active.Id) Touch(stream);
    }

    public void Trim(StreamIndex stream, long first)
    {
        stream.TrimTo(first, Release);
        Touch(stream);
    }

    public void ApplyTombstone(Segment segment, Tombstone tombstone)
    {
        segment.Tombstones.Add(tombstone);
        if (Find(tombstone.Stream) is { } held && held.Epoch == tombstone.Epoch) Drop(held);
    }

    public void Release(int segment, int count)
    {
        if (!_segments.TryGetValue(segment, out var held)) return;
        held.Live -= count;
        MayFree |= held.Live == 0;
    }

    /// <summary>Deletes sealed segments that nobody needs, oldest first.</summary>
    /// <param name="carry">Makes tombstones durable in the active segment, whose own they become; false when it can't now.</param>
    public void Free(Func<IReadOnlyList<Tombstone>, bool> carry)
    {
        if (!MayFree) return;
        MayFree = false;
        foreach (var segment in _segments.Values.Where(segment => segment is { IsSealed: true, Live: 0 }).OrderBy(segment => segment.Id))
        {
            var needed = segment.Tombstones.FindAll(tombstone => IsNeeded(tombstone, segment));
            if (needed.Count > 0 && !carry(needed))
            {
                MayFree = true;
                return;
            }

            _segments.TryRemove(segment.Id, out _);
            try
            {
                segment.Delete();
                FileLogMessages.Freed(logger, segment.JournalPath);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                FileLogMessages.NotFreed(logger, segment.JournalPath, e);
            }
        }
    }

    public void Dispose()
    {
        _disposed = true;
        foreach (var segment in _segments.Values) segment.Dispose();
    }

    /// <summary>The stream's life is over: nothing of it is needed any more.</summary>
    private void Drop(StreamIndex stream)
    {
        Forget(stream);
        stream.End(Release);
    }

    private void Touch(StreamIndex stream)
    {
        if (stream.TouchedSegment == Active.Id) return;
        stream.TouchedSegment = Active.Id;
        _touched.Add(stream);
    }

    private bool IsNeeded(Tombstone tombstone, Segment without)
    {
        foreach (var id in _segments.Keys)
        {
            if (id != without.Id && id >= tombstone.Born && id <= tombstone.Until) return true;
        }

        return false;
    }
}
