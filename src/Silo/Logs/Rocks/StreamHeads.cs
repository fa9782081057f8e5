namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// The heads of the streams that are tailed or were used of late, read when they are asked for. A stream's head may be another object when it
/// is asked for again: who reads by it and misses something compares. Safe for any thread.
/// </summary>
internal sealed class StreamHeads(RocksStore store)
{
    /// <summary>A head takes some hundred bytes; one that was forgotten costs a few reads of the database.</summary>
    internal const int KeepAtLeast = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StreamHead> _known = new(StringComparer.Ordinal);
    private long _changes;
    private long _turn; // odd while the writer has its turn
    private int _trimAbove = KeepAtLeast;

    internal int Count
    {
        get
        {
            lock (_gate) return _known.Count;
        }
    }

    /// <summary>Null: nothing is stored of the stream.</summary>
    public StreamHead? Find(string stream)
    {
        while (true)
        {
            long changes;
            lock (_gate)
            {
                if (_known.TryGetValue(stream, out var known)) return known;
                changes = _changes;
            }

            var loaded = store.Read(stream, Load);
            lock (_gate)
            {
                if (changes != _changes) continue;
                if (loaded is null || _known.TryAdd(stream, loaded)) return loaded;
                return _known[stream];
            }
        }
    }

    /// <summary>The writer begins a group, whose rows are seen in the database before what they say is seen here.</summary>
    public void BeginTurn() => Interlocked.Increment(ref _turn);

    /// <summary>All that the group changed is seen here, or forgotten.</summary>
    public void EndTurn() => Interlocked.Increment(ref _turn);

    /// <summary>
    /// Whatever of the database was seen before this was called, heads that are found when it returns are not older. Waits for the group that
    /// is being written, so it is for who missed something alone.
    /// </summary>
    public void WaitForTurn()
    {
        var turn = Volatile.Read(ref _turn);
        if (turn % 2 == 0) return;
        var wait = default(SpinWait);
        while (Volatile.Read(ref _turn) == turn) wait.SpinOnce();
    }

    /// <summary>A life that begins.</summary>
    public void Add(string stream, StreamHead head)
    {
        lock (_gate)
        {
            _known.Add(stream, head);
            _changes++;
        }
    }

    public void Remove(string stream)
    {
        lock (_gate)
        {
            _known.Remove(stream);
            _changes++;
        }
    }

    /// <summary>
    /// Forgets heads that nobody tails, when there are many. For the writer alone, while nothing is staged: then a head is the same when it is
    /// read again. What is kept has to double before it looks again.
    /// </summary>
    public void Trim(Func<string, bool> isTailed)
    {
        lock (_gate)
        {
            if (_known.Count <= _trimAbove) return;
            foreach (var stream in _known.Keys)
            {
                if (!isTailed(stream)) _known.Remove(stream);
            }

            _trimAbove = Math.Max(KeepAtLeast, 2 * _known.Count);
            _changes++; // what a reader is loading may be older than what was forgotten
        }
    }

    /// <summary>What is stored may be another state than what is known.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _known.Clear();
            _changes++;
        }
    }

    /// <exception cref="InvalidDataException">The rows don't fit together.</exception>
    public static StreamHead? Load(RocksDatabase database, string stream)
    {
        Span<byte> key = stackalloc byte[RocksKeys.MaxBytes];
        using var cursor = database.Read();
        var lifeKey = RocksKeys.LifeOf(stream, key);
        if (!cursor.Seek(lifeKey)) return null;
        if (!cursor.Key.SequenceEqual(lifeKey))
        {
            if (RocksKeys.StreamOf(cursor.Key, out _) == stream) throw new InvalidDataException($"The stream {stream} has rows, and not its first one.");
            return null;
        }

        var life = RocksRows.ReadLife(cursor.Key, cursor.Value);
        var producers = new ProducerTable();
        while (cursor.Next() && RocksKeys.StreamOf(cursor.Key, out var kind) == stream && kind == RowKind.Chain)
            producers.Set(RocksKeys.ProducerOf(cursor.Key), RocksRows.ReadChain(cursor.Key, cursor.Value));

        if (!cursor.SeekBack(RocksKeys.Entry(stream, life.Epoch, long.MaxValue, key)) || RocksKeys.StreamOf(cursor.Key, out var last) != stream || last != RowKind.Entry)
        {
            // Trimmed as a whole, as only a repair does it.
            if (life.First == life.Newest.Offset + 1 && life.First > 1) return new StreamHead(life, life.Newest.Offset, life.Newest.AtMs, producers);
            throw new InvalidDataException($"The stream {stream} has lost its newest entries.");
        }

        var head = RocksKeys.OffsetOf(cursor.Key);
        if (head < life.Newest.Offset) throw new InvalidDataException($"The stream {stream} ends at {head}, before its newest snapshot.");
        return new StreamHead(life, head, RocksRows.ReadEntry(cursor.Key, cursor.Value, default).AtMs, producers);
    }
}
