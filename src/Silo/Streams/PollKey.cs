namespace Interactions.Silo.Streams;

/// <summary>Names a poll across regions: its id, and when and in which region it was opened.</summary>
public readonly record struct PollKey(string Id, long OpenedAtMs, string Region) : IComparable<PollKey>
{
    public int CompareTo(PollKey other)
    {
        var order = OpenedAtMs.CompareTo(other.OpenedAtMs);
        if (order == 0) order = string.CompareOrdinal(Region, other.Region);
        return order == 0 ? string.CompareOrdinal(Id, other.Id) : order;
    }

    public static bool operator <(PollKey left, PollKey right) => left.CompareTo(right) < 0;

    public static bool operator >(PollKey left, PollKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(PollKey left, PollKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PollKey left, PollKey right) => left.CompareTo(right) >= 0;
}
