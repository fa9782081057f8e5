using System.Buffers.Binary;
using System.Text;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>A growing buffer of little-endian values; names are one length byte and ASCII.</summary>
internal sealed class RowWriter(int capacity)
{
    /// <summary>A buffer that once grew beyond this is not kept.</summary>
    private const int MaxKeptBytes = 4 << 20;

    private byte[] _bytes = new byte[capacity];
    private int _length;

    public Span<byte> Written => _bytes.AsSpan(0, _length);

    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > MaxKeptBytes) _bytes = new byte[capacity];
    }

    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _length < count) Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(2L * _bytes.Length, (long)_length + count)));
        var span = _bytes.AsSpan(_length, count);
        _length += count;
        return span;
    }

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

    public void Name(string name)
    {
        Byte((byte)name.Length);
        Encoding.ASCII.GetBytes(name, Reserve(name.Length));
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));
}
