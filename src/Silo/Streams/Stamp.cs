using Interactions.Contracts;
using Interactions.Contracts.Binary;

namespace Interactions.Silo.Streams;

/// <summary>
/// When and where something was decided: the order in which the last one wins, the same on every silo.
/// Time goes first, then region, so that it also orders what different regions decided.
/// </summary>
internal readonly record struct Stamp(long AtMs, string Region, Position Position, int Index) : IComparable<Stamp>
{
    public static Stamp None { get; } = new(-1, "", Position.Start, 0);

    public int CompareTo(Stamp other)
    {
        var order = AtMs.CompareTo(other.AtMs);
        if (order == 0) order = string.CompareOrdinal(Region, other.Region);
        if (order == 0) order = string.CompareOrdinal(Position.Epoch, other.Position.Epoch);
        if (order == 0) order = Position.Offset.CompareTo(other.Position.Offset);
        return order == 0 ? Index.CompareTo(other.Index) : order;
    }

    public static bool operator <(Stamp left, Stamp right) => left.CompareTo(right) < 0;

    public static bool operator >(Stamp left, Stamp right) => left.CompareTo(right) > 0;

    public static bool operator <=(Stamp left, Stamp right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Stamp left, Stamp right) => left.CompareTo(right) >= 0;

    public void Write(ByteWriter writer)
    {
        writer.Signed(AtMs);
        writer.Text(Region);
        writer.Position(Position);
        writer.Count(Index);
    }

    public static Stamp Read(ByteReader reader) => new(reader.Signed(), reader.Text(), reader.Position(), reader.Index());
}
