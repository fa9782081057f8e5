using Interactions.LoadTests.Running;
using Interactions.LoadTests.Swarm.Remote;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>
/// What slow viewers cost the others: the same work twice in one run, first to healthy viewers alone, then with viewers
/// beside them that read nothing, or next to nothing, through a small window.
/// </summary>
internal sealed class SlowViewersScenario : IScenario
{
    private static readonly TimeSpan JoinWithin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public string Name => "slow-viewers";

    public string Summary => "a tenth of the viewers stalled and a tenth at 1 KB/s: what it costs the healthy ones and the service's memory";

    public IReadOnlyList<Option> Options { get; } =
    [
        SwarmOptions.Viewers(5_000), SwarmOptions.Transport("sse"), SwarmOptions.Likes(100), SwarmOptions.Comments(5), SwarmOptions.Senders,
        new("stalled-percent", "10", "of the viewers read nothing after their first frame"),
        new("dripping-percent", "10", "of the viewers read slowly"), new("drip-bytes", "1024", "bytes a second that those read"),
        new("receive-buffer", "2048", "SO_RCVBUF of the slow ones, in bytes"),
        new("seconds", "60", "how long it is measured with the slow ones"), new("alone-seconds", "20", "how long without them"),
        SwarmOptions.WarmUp, SwarmOptions.Threads,
    ];

    public async Task<Report> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments;
        var all = arguments.Count("viewers", least: 10);
        var (stalled, dripping) = Slow(all, arguments.Percent("stalled-percent"), arguments.Percent("dripping-percent"));
        var work = SwarmOptions.WorkOf(arguments, Name) with { Viewers = all - stalled - dripping, Seconds = arguments.Positive("alone-seconds") };
        await using var session = await SwarmSession.PrepareAsync(context, work, cancellationToken);
        await session.JoinAsync(cancellationToken);
        var alone = await session.PlayAsync(null, cancellationToken);

        var transport = work.Transport == "mix" ? "sse" : work.Transport;
        SwarmPlan PlanOf(int first, int count) => session.PlanOf(transport, first, count) with
        {
            SlowReceiveBufferBytes = arguments.Count("receive-buffer", least: 1), DripBytesPerSecond = arguments.Count("drip-bytes", least: 64),
        };
        SwarmPlan[] plans = [PlanOf(work.Viewers, stalled) with { StalledPercent = 100 }, PlanOf(work.Viewers + stalled, dripping) with { DrippingPercent = 100 }];
        await using var slow = await ViewerSwarm.StartAsync(plans.Where(p => p.Viewers > 0), cancellationToken);
        await slow.UntilAsync(c => c.Shown >= stalled + dripping, JoinWithin, Look, cancellationToken);
        await slow.MeasureAsync(default, 1, cancellationToken);
        session.Work.Seconds = arguments.Positive("seconds");
        var beside = await session.PlayAsync(null, cancellationToken);
        return await FinishAsync(session, alone, beside, await slow.ReportAsync(cancellationToken), stalled, dripping, cancellationToken);
    }

    /// <summary>How many of all are stalled, and how many drip.</summary>
    /// <exception cref="UsageException">No healthy one would be left, whose latency is what is measured.</exception>
    internal static (int Stalled, int Dripping) Slow(int all, int stalledPercent, int drippingPercent)
    {
        var (stalled, dripping) = ((int)((long)all * stalledPercent / 100), (int)((long)all * drippingPercent / 100));
        if (stalled + (long)dripping >= all) throw new UsageException("--stalled-percent and --dripping-percent leave no healthy viewer.");
        return (stalled, dripping);
    }

    private static Task<Report> FinishAsync(
        SwarmSession session, PlayResult alone, PlayResult beside, SwarmCounts slow, int stalled, int dripping, CancellationToken cancellationToken)
    {
        var report = session.Report;
        var (before, after) = (P99(alone), P99(beside));
        report.Fact("stalled viewers", stalled);
        report.Fact("dripping viewers", dripping);
        report.Fact("healthy viewers' p99 without the slow ones (ms)", before);
        report.Fact("healthy viewers' p99 beside the slow ones (ms)", after);
        report.Fact("healthy viewers' p99 moved by (ms)", after - before);
        report.Fact("service: resident memory grew, second half (MB a minute)", session.Sampler.Memory.SlopeOfSecondHalf() * 60);
        report.Fact("frames to slow viewers", slow.Frames);
        report.Fact("slow viewers cut off by the service (times)", slow.CutOff);
        report.Fact("snapshots to slow viewers after the first", slow.Resnapshots);
        if (slow.Latency(LatencyNames.Behind) is { Count: > 0 } behind)
        {
            report.Fact("dripping viewers: most behind (s)", behind.MaxMicroseconds / 1e6);
            report.Latency(LatencyNames.Behind, behind);
        }

        report.Latency($"alone: {LatencyNames.Like}", alone.Viewers.Latency(LatencyNames.Like));
        if (slow.DeltaMismatches > 0) report.Failure($"{slow.DeltaMismatches} frames to slow viewers had totals that their deltas do not add up to");
        if (slow.PositionsBack > 0) report.Failure($"{slow.PositionsBack} frames to slow viewers did not raise the position");
        return session.FinishAsync(beside, cancellationToken);
    }

    private static double P99(PlayResult result) => result.Viewers.Latency(LatencyNames.Like).PercentileMicroseconds(99) / 1000.0;
}
