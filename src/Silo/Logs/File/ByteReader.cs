using System.Buffers.Binary;
using System.Text;

namespace Interactions.Silo.Logs.File;

/// <summary>Reads what <see cref="ByteWriter"/> wrote. Throws <see cref="ArgumentOutOfRangeException"/> at a premature end.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes, NamePool? names = null)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int At { get; private set; }

    public readonly ReadOnlySpan<byte> Rest => _bytes[At..];

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public string Name()
    {
        var name = Take(Byte());
        return names is null ? Encoding.ASCII.GetString(name) : names.Get(name);
    }

    public void SkipName() => Take(Byte());

    public ReadOnlySpan<byte> Take(int count)
    {
        var span = _bytes.Slice(At, count);
        At += count;
        return span;
    }
}
