using System.Buffers.Binary;
using System.Text;

namespace Interactions.Contracts.Binary;

/// <summary>
/// Reads what <see cref="ByteWriter"/> wrote. Every method throws <see cref="InvalidDataException"/> on bytes that
/// it can't have written, and none allocates more than the bytes at hand justify.
/// </summary>
public sealed class ByteReader(ReadOnlyMemory<byte> bytes)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private int _at;

    public int Remaining => bytes.Length - _at;

    public byte Byte() => Take(1)[0];

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new InvalidDataException($"{other} is no boolean."),
    };

    public ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            if (shift == 63 && next > 1) break;
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }

        throw new InvalidDataException("A varint is longer than 64 bits.");
    }

    /// <summary>A number of things that take at least a byte each: never more than what remains.</summary>
    public int Count()
    {
        var value = Varint();
        return value <= (ulong)Remaining ? (int)value : throw new InvalidDataException($"A count of {value} in {Remaining} bytes.");
    }

    /// <summary>A non-negative 32-bit number that counts nothing in these bytes.</summary>
    public int Index()
    {
        var value = Varint();
        return value <= int.MaxValue ? (int)value : throw new InvalidDataException($"{value} is no index.");
    }

    public long Signed()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int Signed32()
    {
        var value = Signed();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new InvalidDataException($"{value} is no 32-bit number.");
    }

    public ulong Fixed64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public UInt128 Fixed128() => BinaryPrimitives.ReadUInt128LittleEndian(Take(16));

    public string Text()
    {
        var utf8 = Take(Count());
        try
        {
            return Strict.GetString(utf8);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException("A text is not UTF-8.", e);
        }
    }

    public string? TextOrNull() => Bool() ? Text() : null;

    public string[] Texts()
    {
        var values = new string[Count()];
        for (var i = 0; i < values.Length; i++) values[i] = Text();
        return values;
    }

    /// <summary>A copy.</summary>
    public byte[] Blob() => Take(Count()).ToArray();

    /// <summary>Reads on inside bytes that stand after their length; this reader goes on behind them.</summary>
    public ByteReader Nested()
    {
        var size = Count();
        _at += size;
        return new ByteReader(bytes.Slice(_at - size, size));
    }

    /// <summary>A byte of flags, of which only these are known.</summary>
    public byte Flags(byte known)
    {
        var flags = Byte();
        return (flags & ~known) == 0 ? flags : throw new InvalidDataException($"Unknown flags in {flags}.");
    }

    public StreamStatus Status()
    {
        var status = Byte();
        return status <= (byte)StreamStatus.Ended ? (StreamStatus)status : throw new InvalidDataException($"{status} is no status.");
    }

    public Position Position() => new(Text(), Signed());

    public void End()
    {
        if (Remaining > 0) throw new InvalidDataException($"{Remaining} bytes after the end.");
    }

    private ReadOnlySpan<byte> Take(int size)
    {
        if (size > Remaining) throw new InvalidDataException($"{size} bytes are needed, {Remaining} are left.");
        var span = bytes.Span.Slice(_at, size);
        _at += size;
        return span;
    }
}
