using System.Buffers.Binary;
using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// The bytes of all values. Each begins with the CRC-32C of its key and the rest, so that a repair can tell sound rows in a damaged block.
/// <code>
/// group      [crc u32][number i64][database name][format u8; there was none in format 1]
/// life       [crc u32][birth name][first kept offset i64][count u8] count × [ended epoch name][its last offset i64] [epoch name]
///            2 × [snapshot offset i64, 0 = none]([its epoch name][its time i64]), older first
/// snapshot   [crc u32][epoch name][time i64][state]
/// entry      [crc u32][epoch name][time i64][writer name][number i64][body]
/// </code>
/// </summary>
internal static class RocksRows
{
    private const int CrcBytes = 4;

    public static ReadOnlySpan<byte> Group(RowWriter to, ReadOnlySpan<byte> key, StoredGroup group)
    {
        Begin(to);
        to.Int64(group.Number);
        to.Name(group.Database);
        to.Byte((byte)group.Format);
        return Seal(to, key);
    }

    public static StoredGroup ReadGroup(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var from = Open(key, value);
        return new StoredGroup(from.Int64(), from.Name(), from.Rest.IsEmpty ? 1 : from.Byte());
    }

    public static ReadOnlySpan<byte> Life(RowWriter to, ReadOnlySpan<byte> key, StreamLife life)
    {
        Begin(to);
        to.Name(life.Birth);
        to.Int64(life.First);
        to.Byte((byte)life.Epochs.Past.Length);
        foreach (var (epoch, last) in life.Epochs.Past)
        {
            to.Name(epoch);
            to.Int64(last);
        }

        to.Name(life.Epochs.Current);
        Place(to, life.Snapshots.Older);
        Place(to, life.Snapshots.Newest);
        return Seal(to, key);
    }

    public static StreamLife ReadLife(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var from = Open(key, value);
        var (birth, first) = (from.Name(), from.Int64());
        var past = new (string, long)[from.Byte()];
        for (var i = 0; i < past.Length; i++) past[i] = (from.Name(), from.Int64());
        return new StreamLife(birth, new LogEpochs([.. past], from.Name()), first, new SnapshotPair(Place(ref from), Place(ref from)));
    }

    public static ReadOnlySpan<byte> Snapshot(RowWriter to, ReadOnlySpan<byte> key, LogSnapshot snapshot)
    {
        Begin(to);
        to.Name(snapshot.Position.Epoch);
        to.Int64(snapshot.AtMs);
        to.Bytes(snapshot.State.Span);
        return Seal(to, key);
    }

    public static LogSnapshot ReadSnapshot(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var from = Open(key, value);
        return new LogSnapshot(new Position(from.Name(), RocksKeys.OffsetOf(key)), from.Int64(), from.Rest.ToArray());
    }

    public static ReadOnlySpan<byte> Entry(RowWriter to, ReadOnlySpan<byte> key, Entry entry)
    {
        Begin(to);
        to.Name(entry.Position.Epoch);
        to.Int64(entry.AtMs);
        to.Name(entry.Writer);
        to.Int64(entry.Number);
        to.Bytes(entry.Body.Span);
        return Seal(to, key);
    }

    public static Entry ReadEntry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var from = Open(key, value);
        return new Entry(new Position(from.Name(), RocksKeys.OffsetOf(key)), from.Int64(), from.Name(), from.Int64(), from.Rest.ToArray());
    }

    /// <summary>An entry without its body.</summary>
    public static LogHead ReadHead(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var from = Open(key, value);
        var position = new Position(from.Name(), RocksKeys.OffsetOf(key));
        from.Int64();
        return new LogHead(position, from.Name(), from.Int64());
    }

    // The state is in the snapshot's own row.
    private static void Place(RowWriter to, LogSnapshot? snapshot)
    {
        to.Int64(snapshot?.Position.Offset ?? 0);
        if (snapshot is null) return;
        to.Name(snapshot.Position.Epoch);
        to.Int64(snapshot.AtMs);
    }

    private static LogSnapshot? Place(ref RowReader from) =>
        from.Int64() is > 0 and var offset ? new LogSnapshot(new Position(from.Name(), offset), from.Int64(), default) : null;

    private static void Begin(RowWriter to)
    {
        to.Clear();
        to.Reserve(CrcBytes);
    }

    private static ReadOnlySpan<byte> Seal(RowWriter to, ReadOnlySpan<byte> key)
    {
        var value = to.Written;
        BinaryPrimitives.WriteUInt32LittleEndian(value, Crc32C.Compute(value[CrcBytes..], Crc32C.Compute(key)));
        return value;
    }

    /// <exception cref="InvalidDataException">The row is not as it was written.</exception>
    private static RowReader Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (value.Length < CrcBytes || BinaryPrimitives.ReadUInt32LittleEndian(value) != Crc32C.Compute(value[CrcBytes..], Crc32C.Compute(key)))
            throw new InvalidDataException($"The row {Convert.ToHexString(key)} is not as it was written.");
        return new RowReader(value[CrcBytes..]);
    }
}
