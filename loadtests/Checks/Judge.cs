using Interactions.Contracts;

namespace Interactions.LoadTests.Checks;

/// <summary>Compares what was acknowledged with what viewers were shown. Pure.</summary>
internal static class Judge
{
    public static ViewerVerdict Viewer(IReadOnlyCollection<AcceptedComment> accepted, ViewerLedger ledger)
    {
        var delivered = 0;
        var behindSnapshot = 0;
        foreach (var comment in accepted)
        {
            if (ledger.Comments.ContainsKey(comment.Id)) delivered++;
            else if (IsAtOrBefore(comment.Position, ledger.SnapshotPosition)) behindSnapshot++;
        }

        var absent = accepted.Count - delivered - behindSnapshot;
        var conflated = Math.Min(absent, ledger.Missed);
        return new(delivered, behindSnapshot + conflated, absent - conflated, ledger.Repeated, ledger.Comments.Count - delivered);
    }

    /// <summary>Whether comments that both were shown came to both in the same order.</summary>
    public static bool SameOrder(IReadOnlyDictionary<string, int> reference, IReadOnlyList<string> order)
    {
        var last = -1;
        foreach (var id in order)
        {
            if (!reference.TryGetValue(id, out var place)) continue;
            if (place < last) return false;
            last = place;
        }

        return true;
    }

    /// <summary>The place of each comment in the longest of the viewers' orders.</summary>
    public static IReadOnlyDictionary<string, int> Reference(IEnumerable<IReadOnlyList<string>> orders)
    {
        var longest = orders.MaxBy(o => o.Count) ?? [];
        return longest.Select((id, place) => (id, place)).ToDictionary(p => p.id, p => p.place);
    }

    /// <summary>Counts of 0 and kinds that are not there are the same.</summary>
    public static bool SameTotals(IReadOnlyDictionary<string, long> one, IReadOnlyDictionary<string, long> other) =>
        one.Keys.Union(other.Keys).All(kind => one.GetValueOrDefault(kind) == other.GetValueOrDefault(kind));

    private static bool IsAtOrBefore(string position, string? snapshot) =>
        Position.TryParse(position, out var mine) && Position.TryParse(snapshot, out var its)
        && mine.Epoch == its.Epoch && mine.Offset <= its.Offset;
}
