using Interactions.LoadTests.Checks;
using Interactions.LoadTests.Clients;
using Interactions.LoadTests.Measuring;

namespace Interactions.LoadTests.Scenarios;

/// <summary>What any scenario that comments can check: each accepted comment reached each viewer exactly once, to all in one order.</summary>
internal static class CommentCheck
{
    public static void Check(Report report, IReadOnlyList<SentItem> comments, Audience audience)
    {
        var accepted = comments.Where(c => c is { IsAccepted: true, Id: not null }).Select(c => new AcceptedComment(c.Id!, c.Position ?? "", c.SentAt)).ToArray();
        var verdicts = audience.Viewers.Select(v => Judge.Viewer(accepted, v.Ledger)).ToArray();
        var reference = Judge.Reference(audience.Viewers.Select(v => v.Ledger.Order));
        var disordered = audience.Viewers.Count(v => !Judge.SameOrder(reference, v.Ledger.Order));
        var lost = verdicts.Sum(v => v.Lost);
        var repeated = verdicts.Sum(v => v.Repeated);

        report.Fact("comments delivered (over all viewers)", verdicts.Sum(v => v.Delivered));
        report.Fact("comments lost", lost);
        report.Fact("comments repeated", repeated);
        report.Fact("comments conflated (missed)", verdicts.Sum(v => v.Conflated));
        report.Fact("viewers with another order", disordered);
        if (accepted.Length > 0 && audience.Frames == 0) report.Failure("something was accepted, but no viewer was sent a frame of it");
        if (lost > 0) report.Failure($"{lost} accepted comments did not reach a viewer");
        if (repeated > 0) report.Failure($"{repeated} comments reached a viewer again");
        if (disordered > 0) report.Failure($"{disordered} viewers got comments in another order than the others");
        if (accepted.DistinctBy(c => c.Id).Count() is var distinct && distinct != comments.Count(c => c.IsAccepted))
        {
            report.Failure($"{comments.Count(c => c.IsAccepted)} comments were accepted under {distinct} different ids");
        }

        // What was never answered may have been taken: only more than that is wrong.
        var open = comments.Count(c => c.SentAt != 0 && c.Outcome is null);
        if (verdicts.Select(v => v.Unknown).DefaultIfEmpty().Max() is var unknown && unknown > open)
        {
            report.Failure($"a viewer was shown {unknown} comments that were not acknowledged; {open} were unanswered");
        }
    }

    /// <summary>From the bytes going to the sender's socket to the frame reaching the viewer, both of this machine's steady clock.</summary>
    public static void Latencies(Report report, IReadOnlyList<SentItem> comments, Audience audience, TimeProvider time)
    {
        var byTransport = audience.Viewers.GroupBy(v => v.Transport)
            .Select(g => (g.Key, Latency: Histogram.Sum(g.Select(v => Seen(comments, v, time))))).ToArray();
        report.Latency("comment sent to seen", Histogram.Sum(byTransport.Select(t => t.Latency)));
        if (byTransport.Length > 1)
        {
            foreach (var (transport, latency) in byTransport) report.Latency($"comment sent to seen: {transport}", latency);
        }

        report.Latency("comment sent to acknowledged", Acknowledged(comments, time));
    }

    public static Histogram Acknowledged(IEnumerable<SentItem> items, TimeProvider time)
    {
        var latency = new Histogram();
        foreach (var item in items)
        {
            if (item.IsAccepted) latency.Record(time.GetElapsedTime(item.SentAt, item.AnsweredAt));
        }

        return latency;
    }

    private static Histogram Seen(IReadOnlyList<SentItem> comments, Viewer viewer, TimeProvider time)
    {
        var latency = new Histogram();
        foreach (var comment in comments)
        {
            if (comment.Id is { } id && viewer.Ledger.Comments.TryGetValue(id, out var seen)) latency.Record(time.GetElapsedTime(comment.SentAt, seen));
        }

        return latency;
    }
}
