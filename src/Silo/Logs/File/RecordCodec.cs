using System.Buffers.Binary;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.File;

/// <summary>The bytes of the journal. Everything is little-endian; a name is [length u8][ASCII].</summary>
/// <remarks>
/// <code>
/// record    [length u32][crc32c u32][type u8][payload]      length: of type and payload
///                                                            crc32c: of length, type and payload
/// entry     [stream name][epoch name][offset i64][at i64][producer name][sequence i64][batch …]
/// snapshot  [stream name][epoch name][offset i64][at i64][state …]
/// trim      [stream name][epoch name][first i64]            first: the first offset kept
/// delete    [stream name][epoch name][born i32][until i32]  the segments that may hold something of it
/// </code>
/// </remarks>
internal static class RecordCodec
{
    public const int HeaderBytes = 8;

    public static void Entry(ByteWriter to, string stream, string epoch, long offset, long atMs, AppendRequest request)
    {
        var at = Begin(to, RecordType.Entry, stream, epoch);
        to.Int64(offset);
        to.Int64(atMs);
        to.Name(request.Producer);
        to.Int64(request.Sequence);
        to.Bytes(request.Batch.Span);
        End(to, at);
    }

    public static void Snapshot(ByteWriter to, string stream, LogSnapshot snapshot)
    {
        var at = Begin(to, RecordType.Snapshot, stream, snapshot.Position.Epoch);
        to.Int64(snapshot.Position.Offset);
        to.Int64(snapshot.AtMs);
        to.Bytes(snapshot.State.Span);
        End(to, at);
    }

    public static void Trim(ByteWriter to, string stream, string epoch, long first)
    {
        var at = Begin(to, RecordType.Trim, stream, epoch);
        to.Int64(first);
        End(to, at);
    }

    public static void Delete(ByteWriter to, Tombstone tombstone)
    {
        var at = Begin(to, RecordType.Delete, tombstone.Stream, tombstone.Epoch);
        to.Int32(tombstone.Born);
        to.Int32(tombstone.Until);
        End(to, at);
    }

    /// <summary>How long the record at the start of these bytes is, header included; 0 if that can't be.</summary>
    public static long LengthOf(ReadOnlySpan<byte> header)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        return length is 0 or > int.MaxValue - HeaderBytes ? 0 : HeaderBytes + (long)length;
    }

    /// <param name="record">The whole record, and nothing more.</param>
    public static bool IsSound(ReadOnlySpan<byte> record) =>
        BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) == Crc32C.Compute(record[HeaderBytes..], Crc32C.Compute(record[..4]));

    private static int Begin(ByteWriter to, RecordType type, string stream, string epoch)
    {
        var at = to.Length;
        to.Reserve(HeaderBytes);
        to.Byte((byte)type);
        to.Name(stream);
        to.Name(epoch);
        return at;
    }

    private static void End(ByteWriter to, int at)
    {
        to.Patch(at, (uint)(to.Length - at - HeaderBytes));
        var record = to.Written[at..];
        to.Patch(at + 4, Crc32C.Compute(record[HeaderBytes..], Crc32C.Compute(record[..4])));
    }
}
