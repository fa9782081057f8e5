using System.Diagnostics;
using Interactions.LoadTests.Running;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>Every viewer's connection is reset in one moment, and all come back from their positions while work goes on.</summary>
internal sealed class ReconnectStormScenario : IScenario
{
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);

    public string Name => "reconnect-storm";

    public string Summary => "10,000 viewers cut at once come back with their positions: how long, and nothing missed, nothing twice";

    public IReadOnlyList<Option> Options { get; } =
    [
        SwarmOptions.Viewers(10_000), SwarmOptions.Transport("sse"), SwarmOptions.Likes(20), SwarmOptions.Comments(2), SwarmOptions.Senders,
        new("storms", "1", "how often they are cut"), new("in-flight", "2000", "connections under way at once: more than the service's backlog would be dropped by the system"),
        SwarmOptions.Seconds(20), SwarmOptions.WarmUp, SwarmOptions.Threads,
    ];

    public async Task<Report> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments;
        var storms = arguments.Count("storms", least: 1);
        var work = SwarmOptions.WorkOf(arguments, Name) with { InFlight = arguments.Count("in-flight", least: 1) };
        await using var session = await SwarmSession.PrepareAsync(context, work, cancellationToken);
        await session.JoinAsync(cancellationToken);
        var slowest = TimeSpan.Zero;
        var result = await session.PlayAsync(
            async () =>
            {
                for (var storm = 1; storm <= storms; storm++)
                {
                    await Task.Delay(TimeSpan.FromSeconds(work.Seconds / (2 * storms)), context.Time, cancellationToken);
                    slowest = await CutAsync(session, storm, cancellationToken) is var took && took > slowest ? took : slowest;
                }
            },
            cancellationToken);
        var report = session.Report;
        report.Fact("viewers cut by the swarm (times)", result.Viewers.Cut);
        report.Fact("all back within (s)", slowest.TotalSeconds);
        report.Fact("back from their place", result.Viewers.Back - result.Viewers.Resnapshots);
        report.Fact("back by a snapshot", result.Viewers.Resnapshots);
        if (result.Viewers.Back < result.Viewers.Cut) report.Failure($"{result.Viewers.Cut - result.Viewers.Back} viewers did not come back");
        return await session.FinishAsync(result, cancellationToken);
    }

    private static async Task<TimeSpan> CutAsync(SwarmSession session, int storm, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        await session.Swarm!.CutAsync(cancellationToken);
        await session.Swarm.UntilAsync(AllBack, BackWithin, Look, cancellationToken);
        return Stopwatch.GetElapsedTime(started);

        bool AllBack(SwarmCounts counts) => counts.Back >= (long)session.Work.Viewers * storm;
    }
}
