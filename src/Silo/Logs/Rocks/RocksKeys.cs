using System.Buffers.Binary;
using System.Text;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// The keys of all rows. Names stand behind their length, so that no stream's rows lie among those of another whose name begins alike. Rows
/// name the life that they are of by the epoch in which it began: a repair never takes those of a stream that was deleted for the next one's.
/// <code>
/// [0]                                             the group that was written last
/// [1][length][stream]                             a stream's rows:
///   [0]                                           its life
///   [1][length][birth][offset, big-endian i64]    a snapshot
///   [2][length][birth][offset, big-endian i64]    an entry
/// </code>
/// </summary>
internal static class RocksKeys
{
    /// <summary>No key is longer.</summary>
    public const int MaxBytes = 256;

    private const byte Streams = 1, End = 3;

    public static ReadOnlySpan<byte> Group => [0];

    public static ReadOnlySpan<byte> FirstStream => [Streams];

    /// <summary>The first of a stream's rows.</summary>
    public static ReadOnlySpan<byte> LifeOf(string stream, Span<byte> to) => Short(stream, (byte)RowKind.Life, to);

    /// <summary>Behind the last row of a stream.</summary>
    public static ReadOnlySpan<byte> After(string stream, Span<byte> to) => Short(stream, End, to);

    public static ReadOnlySpan<byte> Snapshot(string stream, string birth, long offset, Span<byte> to) => Long(stream, RowKind.Snapshot, birth, offset, to);

    public static ReadOnlySpan<byte> Entry(string stream, string birth, long offset, Span<byte> to) => Long(stream, RowKind.Entry, birth, offset, to);

    /// <summary>What kind of row it is, and of which stream; null: no stream's.</summary>
    public static string? StreamOf(ReadOnlySpan<byte> key, out RowKind kind)
    {
        kind = default;
        if (key.Length < 3 || key[0] != Streams || key.Length < 3 + key[1]) return null;
        kind = (RowKind)key[2 + key[1]];
        return Encoding.ASCII.GetString(key.Slice(2, key[1]));
    }

    /// <summary>The offset that ends an entry's or a snapshot's key.</summary>
    public static long OffsetOf(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadInt64BigEndian(key[^8..]);

    /// <summary>The birth in an entry's or a snapshot's key.</summary>
    public static string BirthOf(ReadOnlySpan<byte> key) => Encoding.ASCII.GetString(key.Slice(4 + key[1], key[3 + key[1]]));

    private static Span<byte> Short(string stream, byte kind, Span<byte> to)
    {
        to[0] = Streams;
        to[1] = (byte)stream.Length;
        var at = 2 + Encoding.ASCII.GetBytes(stream, to[2..]);
        to[at] = kind;
        return to[..(at + 1)];
    }

    private static Span<byte> Long(string stream, RowKind kind, string birth, long offset, Span<byte> to)
    {
        var at = Short(stream, (byte)kind, to).Length;
        to[at++] = (byte)birth.Length;
        at += Encoding.ASCII.GetBytes(birth, to[at..]);
        BinaryPrimitives.WriteInt64BigEndian(to[at..], offset);
        return to[..(at + 8)];
    }
}
