using System.Diagnostics;
using Interactions.LoadTests.Swarm.Sending;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>What one run of sending did: to the senders, the viewers and the service's process.</summary>
internal sealed record PlayResult(SendCounts Sent, int Unanswered, Usage Before, Usage After, SwarmCounts Viewers)
{
    public double Seconds => Stopwatch.GetElapsedTime(Before.Ticks, After.Ticks).TotalSeconds;

    public long Frames => After.Swarm.Frames - Before.Swarm.Frames;

    public void Describe(Report report, SwarmWork work)
    {
        Outcomes(report);
        if (work.Viewers > 0) FramesTo(report, work);
        Service(report);
        Judge(report, work);
        DescribeLatencies(report, Sent, Viewers);
    }

    public static void DescribeCounts(Report report, SendCounts sent)
    {
        report.Fact("likes sent", sent.LikesSent);
        report.Fact("likes accepted", sent.LikesAccepted);
        report.Fact("comments sent", sent.CommentsSent);
        report.Fact("comments accepted", sent.CommentsAccepted);
        foreach (var (code, count) in sent.Rejected.OrderBy(r => r.Key)) report.Fact($"rejected: {code}", count);
    }

    public static void DescribeLatencies(Report report, SendCounts sent, SwarmCounts viewers)
    {
        foreach (var (name, latency) in viewers.Latencies)
        {
            if (latency.Count > 0 && !report.Latencies.Any(l => l.Name == name)) report.Latency(name, latency);
        }

        if (sent.LikeAcknowledged.Count > 0) report.Latency("like due to acknowledged", sent.LikeAcknowledged);
        if (sent.CommentAcknowledged.Count > 0) report.Latency("comment due to acknowledged", sent.CommentAcknowledged);
        if (sent.Lateness.Count > 0) report.Latency("own: sent later than planned", sent.Lateness);
    }

    private void Outcomes(Report report)
    {
        DescribeCounts(report, Sent);
        report.Fact("unanswered", Unanswered);
        report.Fact("accepted a second", (After.Accepted - Before.Accepted) / Seconds);
    }

    private void FramesTo(Report report, SwarmWork work)
    {
        report.Fact("frames to viewers (measured time)", Frames);
        report.Fact("frames a second to each viewer", Frames / Seconds / work.Viewers);
        // Where senders take what they get (ingest), no plan says when a like was due: deliveries are not known one by one.
        if (work.LikesPerSecond > 0) report.Fact("like deliveries a second", Viewers.Latency(LatencyNames.Like).Count / Seconds);
        report.Fact("snapshots after the first", Viewers.Resnapshots);
        report.Fact("viewers cut off by the service (times)", Viewers.CutOff);
        report.Fact("connections that failed before they stood", Viewers.ConnectFailures);
        report.Fact("connections answered 503 or 429", Viewers.Busy);
        report.Fact("comments told of as missed (over all viewers)", Viewers.Missed);
    }

    private void Service(Report report)
    {
        if (After.ServiceSeconds - Before.ServiceSeconds is { } used)
        {
            report.Fact("service: processor time (cores)", used / Seconds);
            if (Frames > 0) report.Fact("service: processor time a frame (us)", used * 1e6 / Frames);
        }

        report.Fact("swarm: processor time (cores)", (After.Swarm.ProcessorSeconds - Before.Swarm.ProcessorSeconds) / Seconds);
    }

    private void Judge(Report report, SwarmWork work)
    {
        report.Fact("viewers lacking something", Viewers.Lacking);

        // The first frame of each is what it was shown when it joined.
        if (work.Viewers > 0 && Sent.LikesAccepted + Sent.CommentsAccepted > 0 && Viewers.Frames <= work.Viewers) report.Failure("something was accepted, but no viewer was sent a frame of it");
        if (Viewers.Lacking > 0) report.Failure($"{Viewers.Lacking} of {work.Viewers} viewers did not end with what was accepted");
        if (Viewers.OtherComments > 0) report.Failure($"{Viewers.OtherComments} viewers were shown other comments than were accepted, or some twice");
        if (Viewers.DeltaMismatches > 0) report.Failure($"{Viewers.DeltaMismatches} frames had totals that their deltas do not add up to");
        if (Viewers.PositionsBack > 0) report.Failure($"{Viewers.PositionsBack} frames did not raise the position");
        if (Viewers.Unreadable > 0) report.Failure($"{Viewers.Unreadable} messages were errors or could not be read; the last problem: {Viewers.LastProblem}");
        if (Unanswered > 0) report.Failure($"{Unanswered} interactions were never answered");
        if (Sent.Broken > 0) report.Failure($"{Sent.Broken} senders' connections broke: {Sent.LastProblem}");
        if (Sent.Rejected.Count > 0) report.Note("not everything was accepted, so likes can't be told apart by count: go by the frames' oldest");
    }
}
