using System.Buffers.Binary;
using System.Text;

namespace Interactions.Silo.Logs.File;

/// <summary>A growing buffer of little-endian values; names are one length byte and ASCII.</summary>
internal sealed class ByteWriter(int capacity)
{
    /// <summary>A buffer that once grew beyond this is not kept.</summary>
    private const int MaxKeptBytes = 4 << 20;

    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > MaxKeptBytes) _bytes = new byte[capacity];
    }

    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count) Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(2L * _bytes.Length, (long)Length + count)));
        var span = _bytes.AsSpan(Length, count);
        Length += count;
        return span;
    }

    public void Patch(int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(at), value);

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Reserve(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

    public void Name(string name)
    {
        Byte((byte)name.Length);
        Encoding.ASCII.GetBytes(name, Reserve(name.Length));
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));
}
