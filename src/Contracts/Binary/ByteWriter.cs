using System.Buffers.Binary;
using System.Text;

namespace Interactions.Contracts.Binary;

/// <summary>
/// Appends to a growing buffer what <see cref="ByteReader"/> reads: LEB128 varints, zigzag for signed numbers,
/// length-prefixed UTF-8, little-endian fixed numbers. Not safe for concurrent use.
/// </summary>
public sealed class ByteWriter(int capacity = 256)
{
    private byte[] _bytes = new byte[Math.Max(capacity, 16)];
    private int _length;

    public int Length => _length;

    /// <summary>What was written; good until the next write.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public byte[] ToArray() => Written.ToArray();

    /// <summary>Begins anew in the same buffer.</summary>
    public void Clear() => _length = 0;

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    /// <summary>A size or index; never negative.</summary>
    public void Count(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Varint((ulong)value);
    }

    public void Signed(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Fixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    public void Fixed128(UInt128 value) => BinaryPrimitives.WriteUInt128LittleEndian(Reserve(16), value);

    /// <summary>Half of a surrogate pair, which UTF-8 can't say, becomes U+FFFD.</summary>
    public void Text(string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        Count(size);
        Encoding.UTF8.GetBytes(value, Reserve(size));
    }

    public void TextOrNull(string? value)
    {
        Bool(value is not null);
        if (value is not null) Text(value);
    }

    public void Texts(IReadOnlyList<string> values)
    {
        Count(values.Count);
        foreach (var value in values) Text(value);
    }

    public void Blob(ReadOnlySpan<byte> value)
    {
        Count(value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    public void Position(Position value)
    {
        Text(value.Epoch);
        Signed(value.Offset);
    }

    private Span<byte> Reserve(int size)
    {
        if (_length + size > _bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + size));
        var span = _bytes.AsSpan(_length, size);
        _length += size;
        return span;
    }
}
