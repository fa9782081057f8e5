using Interactions.Contracts;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// What is known of one life of a stream without reading it. The writer alone changes it: first what is staged, which only it sees, then,
/// when that is durable, what readers see.
/// </summary>
internal sealed class StreamHead
{
    private readonly Lock _gate = new();
    private readonly SnapshotPair<StoredSnapshot> _snapshots = new();
    private long _first;
    private long _head;

    /// <param name="life">As stored.</param>
    /// <param name="head">The last entry; 0 = none yet.</param>
    /// <param name="atMs">Its time.</param>
    /// <param name="producers">The chains.</param>
    public StreamHead(StreamLife life, long head, long atMs, ProducerTable producers)
    {
        (Epoch, _first, _head, StagedHead, StagedAtMs, Producers) = (life.Epoch, life.First, head, head, atMs, producers);
        if (life.Older.Offset > 0) _snapshots.TryPut(life.Older.Offset, life.Older.AtMs, new StoredSnapshot(life.Older.Offset), out _);
        if (life.Newest.Offset > 0) _snapshots.TryPut(life.Newest.Offset, life.Newest.AtMs, new StoredSnapshot(life.Newest.Offset), out _);
        Staged = life;
    }

    public string Epoch { get; }

    public ProducerTable Producers { get; }

    public long StagedHead { get; set; }

    public long StagedAtMs { get; set; }

    public StreamLife Staged { get; set; }

    /// <summary>What readers see: the first and the last offset; both 1 and 0 while nothing is durable.</summary>
    public (long First, long Head) Range
    {
        get
        {
            lock (_gate) return (_first, _head);
        }
    }

    public StoredSnapshot? Choose(long notAfterMs)
    {
        lock (_gate) return _snapshots.Choose(notAfterMs);
    }

    public long NewestSnapshot
    {
        get
        {
            lock (_gate) return _snapshots.Newest?.Offset ?? 0;
        }
    }

    public bool IsAt(Position position)
    {
        var (_, head) = Range;
        return head == 0 ? position.IsStart : position == new Position(Epoch, head);
    }

    public void Append(long offset)
    {
        lock (_gate) _head = offset;
    }

    public void Put(long offset, long atMs, long first)
    {
        lock (_gate)
        {
            _snapshots.TryPut(offset, atMs, new StoredSnapshot(offset), out _);
            _first = Math.Max(_first, first);
        }
    }
}
