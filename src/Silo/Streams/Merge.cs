namespace Interactions.Silo.Streams;

/// <summary>
/// Joins what two silos know of a stream's regions. Commutative, associative and idempotent, so it does not matter
/// in which order, by which way or how often parts arrive. A part is never mixed with another of its region:
/// the one that is further in that region's log has all of the other.
/// </summary>
internal static class Merge
{
    public static IReadOnlyDictionary<string, Part> Parts(IReadOnlyDictionary<string, Part> left, IReadOnlyDictionary<string, Part> right)
    {
        var merged = new SortedDictionary<string, Part>(StringComparer.Ordinal);
        foreach (var (region, part) in left) merged[region] = part;
        foreach (var (region, part) in right)
        {
            merged[region] = merged.TryGetValue(region, out var other) ? Further(other, part) : part;
        }

        return merged;
    }

    // Log time goes first: it never goes back, also when an epoch ends and offsets start again.
    private static Part Further(Part left, Part right)
    {
        var order = left.AtMs.CompareTo(right.AtMs);
        if (order == 0) order = string.CompareOrdinal(left.Position.Epoch, right.Position.Epoch);
        if (order == 0) order = left.Position.Offset.CompareTo(right.Position.Offset);
        return order >= 0 ? left : right;
    }
}
