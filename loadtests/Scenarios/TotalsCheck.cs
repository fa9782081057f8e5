using Interactions.LoadTests.Clients;

namespace Interactions.LoadTests.Scenarios;

/// <summary>What any scenario that reacts can check: nothing acknowledged is lost, and every viewer's numbers are the service's.</summary>
internal static class TotalsCheck
{
    /// <param name="before">The service's totals before the first reaction.</param>
    /// <param name="totals">The service's totals at the end.</param>
    public static void Check(
        Report report, IReadOnlyList<SentItem> sent, IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> totals, Audience audience)
    {
        foreach (var kind in sent.Where(s => !s.IsComment).GroupBy(s => s.Kind!))
        {
            var acknowledged = kind.Where(s => s.IsAccepted).Sum(s => s.Count);
            var open = kind.Where(s => s.Outcome is null && s.SentAt != 0).Sum(s => s.Count);
            var counted = totals.GetValueOrDefault(kind.Key) - before.GetValueOrDefault(kind.Key);
            if (counted < acknowledged || counted > acknowledged + open)
            {
                report.Failure($"{kind.Key}: {acknowledged} acknowledged, {open} unanswered, but {counted} counted");
            }
        }

        var mismatches = audience.Viewers.Sum(v => v.Ledger.DeltaMismatches);
        var others = audience.CountWithOtherTotals(totals);
        report.Fact("frames whose deltas did not add up", mismatches);
        report.Fact("viewers with totals other than the service's", others);
        if (mismatches > 0) report.Failure($"{mismatches} frames had totals that their deltas do not add up to");
        if (others > 0) report.Failure($"{others} viewers ended with totals other than the service's");
    }

    /// <summary>Sent, accepted, refused by code and unanswered, of one sort of interaction.</summary>
    public static void Outcomes(Report report, string what, IReadOnlyList<SentItem> items)
    {
        report.Fact($"{what} sent", items.Count(i => i.SentAt != 0));
        report.Fact($"{what} accepted", items.Count(i => i.IsAccepted));
        foreach (var code in items.Where(i => i.Outcome is not null && !i.IsAccepted).GroupBy(i => i.Outcome!).OrderBy(g => g.Key))
        {
            report.Fact($"{what} rejected: {code.Key}", code.Count());
        }

        report.Fact($"{what} unanswered", items.Count(i => i.SentAt != 0 && i.Outcome is null));
        if (items.Count(i => i.SentAt == 0) is var never and > 0) report.Fact($"{what} never sent (no connection)", never);
    }

    public static void Connections(Report report, Audience audience)
    {
        report.Fact("viewers", audience.Viewers.Count);
        report.Fact("frames to viewers", audience.Frames);
        report.Fact("snapshots after the first", audience.Viewers.Sum(v => v.Ledger.Snapshots - 1));
        report.Fact("viewers cut off by the service (times)", audience.Viewers.Sum(v => v.Disconnects));
    }
}
