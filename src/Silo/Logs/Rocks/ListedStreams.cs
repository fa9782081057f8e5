using Interactions.Contracts;
using Interactions.Contracts.Batches;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>Which streams the directory of a database knows: those that are listed, and those that are being deleted.</summary>
internal static class ListedStreams
{
    /// <exception cref="RocksException">It can't be read.</exception>
    public static HashSet<string> Of(RocksDatabase database)
    {
        HashSet<string> listed = new(StringComparer.Ordinal);
        var end = RocksKeys.After(StreamIds.Directory, new byte[RocksKeys.MaxBytes]).ToArray();
        var newest = 0L;
        using var cursor = database.Read();
        for (var found = cursor.Seek(RocksKeys.LifeOf(StreamIds.Directory, new byte[RocksKeys.MaxBytes])); found; found = cursor.Next())
        {
            // In the order of keys: the life, then the snapshots, then the entries.
            var key = cursor.Key.ToArray();
            if (key.AsSpan().SequenceCompareTo(end) >= 0) break;
            _ = RocksKeys.StreamOf(key, out var kind);
            try
            {
                if (kind == RowKind.Life) newest = RocksRows.ReadLife(key, cursor.Value).Newest.Offset;
                if (kind == RowKind.Snapshot && RocksKeys.OffsetOf(key) == newest) Add(RocksRows.ReadSnapshot(key, cursor.Value, default).State);
                if (kind == RowKind.Entry && RocksKeys.OffsetOf(key) > newest) Add(RocksRows.ReadEntry(key, cursor.Value, default).Batch);
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentOutOfRangeException)
            {
                // The survey has said so.
            }
        }

        return listed;

        void Add(ReadOnlyMemory<byte> batch)
        {
            foreach (var item in BatchCodec.Decode(batch).Items)
            {
                if (item is StreamListed row) listed.Add(row.Id);
                if (item is StreamUnlisted gone) listed.Remove(gone.Id);
            }
        }
    }
}
