using System.Globalization;
using Interactions.LoadTests.Running;
using Interactions.LoadTests.Scenarios;

namespace Interactions.InProcess.LogCeiling;

/// <summary>
/// Where one Redis ends for one hot room: only the log's traffic, by the log's own script and keys, with no nodes around it.
/// Needs no service.
/// </summary>
internal sealed class LogCeilingScenario : IScenario
{
    public string Name => "log-ceiling";

    public string Summary => "one hot room on many nodes, by its log traffic alone: how many appends and pushes a second one Redis takes";

    public IReadOnlyList<Option> Options { get; } =
    [
        new("nodes", "100", "appenders, and as many tails"),
        new("intervals-ms", "50,40,30,25,20,15,10", "between two appends of a node, one step each; nodes keep between 50 and 10"),
        new("seconds", "10", "how long a step lasts"),
        new("batch-bytes", "200", "bytes of a batch"),
        new("redis", null, "host:port of a server without a password; without it one is started"),
        new("appendfsync", "always", "of the server that is started: always, everysec or no"),
    ];

    public Task<Report> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments;
        var intervals = arguments.Text("intervals-ms").Split(',').Select(Interval).ToArray();
        var length = TimeSpan.FromSeconds(arguments.Positive("seconds"));
        using var own = arguments.TextOrNull("redis") is null ? new OwnRedis(arguments.Text("appendfsync")) : null;
        var (host, port) = own is null ? Split(arguments.Text("redis")) : ("127.0.0.1", own.Port);
        var report = new Report(Name);
        using var room = new HotRoomLog(host, port, context.StreamId(Name), arguments.Count("nodes", least: 1), arguments.Count("batch-bytes", least: 8));

        // Not measured: the first appends compile this program.
        room.Run(intervals[0], TimeSpan.FromSeconds(1), cancellationToken);
        var steps = new List<LogStep>();
        using (context.Progress.Show(() => string.Create(CultureInfo.InvariantCulture, $"step {steps.Count + 1} of {intervals.Length}")))
        {
            foreach (var interval in intervals) steps.Add(room.Run(interval, length, cancellationToken));
        }

        foreach (var step in steps) Tell(report, step);
        report.Fact("bytes an entry in Redis", room.BytesAnEntry());
        report.Fact("ceiling: most appends/s", steps.Max(step => step.AppendsPerSecond));
        report.Fact("ceiling: most pushes/s", steps.Max(step => step.PushesPerSecond));
        report.Note(steps.Where(step => step.IsKeptUpWith).MaxBy(step => step.PlannedPerSecond) is { } last
            ? string.Create(CultureInfo.InvariantCulture, $"keeps up to {last.PlannedPerSecond:#,0} appends/s, an append of each node every {last.Interval.TotalMilliseconds} ms")
            : "keeps up with none of these");
        if (File.Exists("/proc/loadavg")) report.Note("load average at the end: " + File.ReadAllText("/proc/loadavg").Trim());
        return Task.FromResult(report);
    }

    private static void Tell(Report report, LogStep step)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"every {step.Interval.TotalMilliseconds} ms");
        report.Fact($"{name}: planned appends/s", step.PlannedPerSecond);
        report.Fact($"{name}: appends/s", step.AppendsPerSecond);
        report.Fact($"{name}: pushes/s", step.PushesPerSecond);
        report.Fact($"{name}: Redis (cores)", step.ServerCores);
        report.Latency($"{name}: append", step.Appends);
        report.Latency($"{name}: push", step.Pushes);
        if (step.CutOff > 0) report.Note($"{name}: Redis has hung up on {step.CutOff} tails, which read too slowly");
        else if (step.NotPushed != 0 || step.Holes > 0) report.Failure($"{name}: {step.NotPushed} pushes did not come, {step.Holes} holes");
    }

    private static TimeSpan Interval(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ms) && ms > 0
            ? TimeSpan.FromMilliseconds(ms)
            : throw new UsageException("--intervals-ms has to be numbers above 0, separated by commas.");

    private static (string Host, int Port) Split(string address)
    {
        var colon = address.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port)
            ? (address[..colon], port)
            : throw new UsageException("--redis has to be host:port.");
    }
}
