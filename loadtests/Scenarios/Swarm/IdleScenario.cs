using System.Diagnostics;
using Interactions.LoadTests.Running;

namespace Interactions.LoadTests.Scenarios.Swarm;

/// <summary>What connections cost that do nothing: memory each, and processor time over a minute.</summary>
internal sealed class IdleScenario : IScenario
{
    private const double Kilobyte = 1024;

    public string Name => "idle";

    public string Summary => "many connections on a stream where nothing happens: memory each, and the service's processor time";

    public IReadOnlyList<Option> Options { get; } =
    [
        SwarmOptions.Viewers(18_000), SwarmOptions.Transport("sse"), new("settle", "15", "seconds between the last one joining and the measurement"),
        SwarmOptions.Seconds(60), SwarmOptions.Threads,
    ];

    public async Task<Report> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments;
        var work = new SwarmWork
        {
            Scenario = Name,
            Viewers = arguments.Count("viewers", least: 1),
            Transport = SwarmOptions.TransportOf(arguments),
            Threads = arguments.Count("threads", least: 1),
            Seconds = arguments.Positive("seconds"),
        };
        await using var session = await SwarmSession.PrepareAsync(context, work, cancellationToken);
        var server = session.Server ?? throw new InvalidOperationException("The service's process is needed: give --pid.");
        var empty = server.ResidentBytes();
        await session.JoinAsync(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(arguments.Count("settle")), context.Time, cancellationToken);

        var (before, started) = (server.ProcessorSeconds(), Stopwatch.GetTimestamp());
        var counted = await session.Swarm!.CountAsync(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(work.Seconds), context.Time, cancellationToken);
        var (used, took) = (server.ProcessorSeconds() - before, Stopwatch.GetElapsedTime(started).TotalSeconds);
        var after = await session.Swarm.CountAsync(cancellationToken);

        var report = session.Report;
        report.Fact("service: processes", server.Ids.Count);
        report.Fact("service: resident with idle connections (MB)", server.ResidentBytes() / Kilobyte / Kilobyte);
        report.Fact("service: resident per idle connection (KB)", (server.ResidentBytes() - empty) / work.Viewers / Kilobyte);
        report.Fact("service: processor time (% of a core)", used / took * 100);
        report.Fact("frames while idle", after.Frames - counted.Frames);
        if (after.Open < work.Viewers) report.Failure($"{work.Viewers - after.Open} connections were not open in the end");
        if (after.CutOff > 0) report.Failure($"connections were cut off {after.CutOff} times");
        return await session.CloseAsync(cancellationToken);
    }
}
