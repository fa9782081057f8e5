using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>Reads entries and snapshots while the writer writes. Safe for any thread.</summary>
internal sealed class RocksReader(RocksStore store, StreamHeads heads)
{
    /// <summary>A read ends here; who wants more reads on.</summary>
    private const int MaxReadBytes = 8 << 20, MaxEntries = 10_000;

    public ReadResult Read(string stream, Position after, int max)
    {
        while (true)
        {
            if (heads.Find(stream) is not { } known || known.Range is not { Head: > 0 } range) return LogRules.Unknown(after);
            var head = new Position(known.Epoch, range.Head);
            var status = LogRules.Judge(known.Epoch, range.First, range.Head, after);
            var count = (int)Math.Min(Math.Min(max, MaxEntries), range.Head - after.Offset);
            if (status != ReadStatus.Ok || count == 0) return new ReadResult(status, [], head);
            if (store.Read(new Place(stream, known.Epoch, after.Offset + 1, count), Entries) is { } entries) return new ReadResult(status, entries, head);

            // Deleted or trimmed meanwhile, which heads may not say yet, or lost.
            heads.WaitForTurn();
            if (heads.Find(stream) == known && known.Range.First <= after.Offset + 1)
                throw store.Damaged($"The stream {stream} lacks entries after {new Position(known.Epoch, after.Offset)}.");
        }
    }

    public LogSnapshot? Snapshot(string stream, long notAfterMs)
    {
        while (true)
        {
            if (heads.Find(stream) is not { } known || known.Choose(notAfterMs) is not { } stored) return null;
            if (store.Read(new Place(stream, known.Epoch, stored.Offset, 1), One) is { } snapshot) return snapshot;
            heads.WaitForTurn();
            if (heads.Find(stream) == known && known.Choose(notAfterMs) == stored)
                throw store.Damaged($"The stream {stream} lacks its snapshot at {new Position(known.Epoch, stored.Offset)}.");
        }
    }

    /// <returns>Null if one is missing.</returns>
    private static List<Entry>? Entries(RocksDatabase database, Place place)
    {
        Span<byte> key = stackalloc byte[RocksKeys.MaxBytes];
        using var cursor = database.Read();
        var entries = new List<Entry>(place.Count);
        var bytes = 0;
        for (var found = cursor.Seek(RocksKeys.Entry(place.Stream, place.Epoch, place.Offset, key)); found; found = cursor.Next())
        {
            var at = new Position(place.Epoch, place.Offset + entries.Count);
            if (!cursor.Key.SequenceEqual(RocksKeys.Entry(place.Stream, place.Epoch, at.Offset, key))) return null;
            var entry = RocksRows.ReadEntry(cursor.Key, cursor.Value, at);
            entries.Add(entry);
            bytes += entry.Batch.Length;
            if (entries.Count == place.Count || bytes >= MaxReadBytes) return entries;
        }

        return null;
    }

    private static LogSnapshot? One(RocksDatabase database, Place place)
    {
        Span<byte> to = stackalloc byte[RocksKeys.MaxBytes];
        var key = RocksKeys.Snapshot(place.Stream, place.Epoch, place.Offset, to);
        return database.Get(key) is { } value ? RocksRows.ReadSnapshot(key, value, new Position(place.Epoch, place.Offset)) : null;
    }

    private readonly record struct Place(string Stream, string Epoch, long Offset, int Count);
}
