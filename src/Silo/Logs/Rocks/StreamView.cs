using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// A stream's rows in one unchanging view of the database: what is deleted or trimmed meanwhile is seen whole or not at all, so that what is
/// missing was lost. For one thread. Everything throws <see cref="InvalidDataException"/> for rows that are missing or not as they were written.
/// </summary>
internal sealed class StreamView : IDisposable
{
    /// <summary>A read ends here; who wants more reads on.</summary>
    private const int MaxReadBytes = 8 << 20, MaxEntries = 10_000;

    private readonly string _stream;
    private readonly RocksCursor _cursor;
    private readonly byte[] _key = new byte[RocksKeys.MaxBytes];

    private StreamView(string stream, RocksCursor cursor)
    {
        (_stream, _cursor) = (stream, cursor);
        Life = RocksRows.ReadLife(cursor.Key, cursor.Value);
        var end = EntryKey(long.MaxValue);
        if (!cursor.SeekBack(end) || cursor.Key.Length != end.Length || !cursor.Key.StartsWith(end[..^8]))
            throw new InvalidDataException($"The stream {stream} has lost its newest entries.");
        Head = new Position(Life.Epochs.Current, RocksKeys.OffsetOf(cursor.Key));
        if (Head.Offset < Life.Snapshots.NewestOffset) throw new InvalidDataException($"The stream {stream} ends at {Head}, before its newest snapshot.");
    }

    public StreamLife Life { get; }

    public Position Head { get; }

    /// <summary>Null: nothing is stored of the stream. Dispose it before the database.</summary>
    public static StreamView? Find(RocksDatabase database, string stream)
    {
        var cursor = database.Read();
        StreamView? view = null;
        try
        {
            // What was deleted lies in its blocks until these are written anew, and one of them may be damaged.
            if (database.Get(RocksKeys.LifeOf(stream, stackalloc byte[RocksKeys.MaxBytes])) is null && !HasRows(cursor, stream)) return null;
            if (!cursor.Seek(RocksKeys.LifeOf(stream, stackalloc byte[RocksKeys.MaxBytes])) || RocksKeys.StreamOf(cursor.Key, out var kind) != stream) return null;
            if (kind != RowKind.Life) throw new InvalidDataException($"The stream {stream} has rows, and not its first one.");
            return view = new StreamView(stream, cursor);
        }
        finally
        {
            if (view is null) cursor.Dispose();
        }
    }

    private static bool HasRows(RocksCursor cursor, string stream)
    {
        try
        {
            return cursor.Seek(RocksKeys.LifeOf(stream, stackalloc byte[RocksKeys.MaxBytes])) && RocksKeys.StreamOf(cursor.Key, out _) == stream;
        }
        catch (RocksException damaged) when (damaged.IsDamage)
        {
            return false;
        }
    }

    public ReadResult Read(Position after, int max)
    {
        var status = Life.Epochs.Judge(Life.First, Head.Offset, after);
        return new ReadResult(status, status == ReadStatus.Ok ? Entries(after.Offset + 1, Math.Min(max, MaxEntries)) : [], Last());
    }

    public LogHead Last() => HeadAt(Head.Offset);

    /// <summary>Whether this entry stands there, and is not trimmed.</summary>
    public bool Has(LogHead entry) =>
        entry.Position.Offset >= Life.First && entry.Position.Offset <= Head.Offset && HeadAt(entry.Position.Offset) == entry;

    /// <summary>The newest that is not newer than this; if all are, the oldest one held; null if there is none.</summary>
    public LogSnapshot? Snapshot(long notAfterMs)
    {
        if (Life.Snapshots.Choose(notAfterMs) is not { } place) return null;
        Seek(RocksKeys.Snapshot(_stream, Life.Birth, place.Position.Offset, _key), "its snapshot at", place.Position.Offset);
        return RocksRows.ReadSnapshot(_cursor.Key, _cursor.Value);
    }

    /// <summary>The first entry that is not older than this or not in a snapshot. Entries stand in the order of their times, so it is found by halving.</summary>
    public long FirstSince(long cutMs)
    {
        var (low, high) = (Life.First, Life.Snapshots.NewestOffset + 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Entry(middle).AtMs < cutMs) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    public void Dispose() => _cursor.Dispose();

    private List<Entry> Entries(long from, int max)
    {
        var entries = new List<Entry>((int)Math.Min(max, Head.Offset - from + 1));
        for (var bytes = 0; entries.Count < entries.Capacity && bytes < MaxReadBytes;)
        {
            var offset = from + entries.Count;
            var entry = entries.Count == 0 ? Entry(offset) : Next(offset);
            entries.Add(entry);
            bytes += entry.Body.Length;
        }

        return entries;
    }

    private LogHead HeadAt(long offset)
    {
        Seek(EntryKey(offset), "its entry", offset);
        return RocksRows.ReadHead(_cursor.Key, _cursor.Value);
    }

    private Entry Entry(long offset)
    {
        Seek(EntryKey(offset), "its entry", offset);
        return RocksRows.ReadEntry(_cursor.Key, _cursor.Value);
    }

    private Entry Next(long offset)
    {
        if (!_cursor.Next() || !_cursor.Key.SequenceEqual(EntryKey(offset))) throw Missing("its entry", offset);
        return RocksRows.ReadEntry(_cursor.Key, _cursor.Value);
    }

    private void Seek(ReadOnlySpan<byte> key, string what, long offset)
    {
        if (!_cursor.Seek(key) || !_cursor.Key.SequenceEqual(key)) throw Missing(what, offset);
    }

    private InvalidDataException Missing(string what, long offset) => new($"The stream {_stream} lacks {what} {offset}.");

    private ReadOnlySpan<byte> EntryKey(long offset) => RocksKeys.Entry(_stream, Life.Birth, offset, _key);
}
