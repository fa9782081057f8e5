using System.Buffers.Binary;
using System.Text;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>Reads what <see cref="RowWriter"/> wrote. Throws <see cref="ArgumentOutOfRangeException"/> at a premature end.</summary>
internal ref struct RowReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly ReadOnlySpan<byte> Rest => _bytes[_at..];

    public byte Byte() => Take(1)[0];

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public string Name() => Encoding.ASCII.GetString(Take(Byte()));

    private ReadOnlySpan<byte> Take(int count)
    {
        var span = _bytes.Slice(_at, count);
        _at += count;
        return span;
    }
}
