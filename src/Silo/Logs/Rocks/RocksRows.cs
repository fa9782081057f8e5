using System.Buffers.Binary;
using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// The bytes of all values. Each begins with the CRC-32C of its key and the rest, so that a repair can tell sound rows in a damaged block.
/// <code>
/// group      [crc u32][number i64][database name]
/// life       [crc u32][epoch name][first kept offset i64] 2 × [snapshot offset i64, 0 = none][its time i64], older first
/// chain      [crc u32][sequence i64][offset i64][time i64]
/// snapshot   [crc u32][time i64][state]
/// entry      [crc u32][time i64][producer name][sequence i64][origin's epoch name, empty = none][origin's offset i64, if any][batch]
/// </code>
/// </summary>
internal static class RocksRows
{
    private const int CrcBytes = 4;

    public static ReadOnlySpan<byte> Group(RowWriter to, ReadOnlySpan<byte> key, long number, string database)
    {
        Begin(to);
        to.Int64(number);
        to.Name(database);
        return Seal(to, key);
    }

    public static (long Number, string Database) ReadGroup(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var from = Open(key, value);
        return (from.Int64(), from.Name());
    }

    public static ReadOnlySpan<byte> Life(RowWriter to, ReadOnlySpan<byte> key, StreamLife life)
    {
        Begin(to);
        to.Name(life.Epoch);
        to.Int64(life.First);
        to.Int64(life.Older.Offset);
        to.Int64(life.Older.AtMs);
        to.Int64(life.Newest.Offset);
        to.Int64(life.Newest.AtMs);
        return Seal(to, key);
    }

    public static StreamLife ReadLife(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var from = Open(key, value);
        return new StreamLife(from.Name(), from.Int64(), (from.Int64(), from.Int64()), (from.Int64(), from.Int64()));
    }

    public static ReadOnlySpan<byte> Chain(RowWriter to, ReadOnlySpan<byte> key, ProducerState state)
    {
        Begin(to);
        to.Int64(state.Sequence);
        to.Int64(state.Offset);
        to.Int64(state.AtMs);
        return Seal(to, key);
    }

    public static ProducerState ReadChain(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var from = Open(key, value);
        return new ProducerState(from.Int64(), from.Int64(), from.Int64());
    }

    public static ReadOnlySpan<byte> Snapshot(RowWriter to, ReadOnlySpan<byte> key, long atMs, ReadOnlySpan<byte> state)
    {
        Begin(to);
        to.Int64(atMs);
        to.Bytes(state);
        return Seal(to, key);
    }

    public static LogSnapshot ReadSnapshot(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Position at)
    {
        var from = Open(key, value);
        return new LogSnapshot(at, from.Int64(), from.Rest.ToArray());
    }

    public static ReadOnlySpan<byte> Entry(RowWriter to, ReadOnlySpan<byte> key, Entry entry)
    {
        Begin(to);
        to.Int64(entry.AtMs);
        to.Name(entry.Producer);
        to.Int64(entry.Sequence);
        to.Name(entry.Origin?.Epoch ?? "");
        if (entry.Origin is { } origin) to.Int64(origin.Offset);
        to.Bytes(entry.Batch.Span);
        return Seal(to, key);
    }

    public static Entry ReadEntry(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Position at)
    {
        var from = Open(key, value);
        var (atMs, producer, sequence, epoch) = (from.Int64(), from.Name(), from.Int64(), from.Name());
        Position? origin = epoch.Length == 0 ? null : new Position(epoch, from.Int64());
        return new Entry(at, atMs, producer, sequence, from.Rest.ToArray()) { Origin = origin };
    }

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
