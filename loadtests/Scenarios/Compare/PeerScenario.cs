using System.Diagnostics;
using System.Text;
using Interactions.LoadTests.Running;
using Interactions.LoadTests.Scenarios.Swarm;
using Interactions.LoadTests.Swarm.Remote;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Scenarios.Compare;

/// <summary>
/// The one measurement that servers are compared by: many viewers in one room, so many frames a second of so many bytes.
/// For our own service (<c>--publish service</c>) each frame is a like that is sent to it.
/// </summary>
internal sealed class PeerScenario : IScenario
{
    public const string CpuPerFrame = "processor time a frame (us)";
    public const string ColdCpuPerFrame = "processor time a frame, cold (us)";
    public const string IdleKilobytes = "resident per idle connection (KB)";
    public const string Delivered = "delivered (%)";
    public const string Cores = "processor time (cores)";

    private const double Kilobyte = 1024;
    private static readonly TimeSpan JoinWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ArriveWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public string Name => "peer";

    public string Summary => "one server of a comparison: processor time a frame and memory a connection (compare.sh runs it for each)";

    public IReadOnlyList<Option> Options { get; } =
    [
        SwarmOptions.Viewers(10_000), new("protocol", "sse", "sse, websocket, signalr, plain-websocket, plain-signalr, nats, socketio or raw"),
        new("path", "/", "what viewers ask for"), new("room", "room", "the subject, where the protocol has them"),
        new("publish", "service", "how a frame gets to the server: service (a like), http://…, udp://host:port or nats://host:port/subject"),
        new("frames", "10", "frames a second"), new("frame-bytes", "130", "of a frame's JSON, where the server does not make it"),
        new("settle", "5", "seconds between the last one joining and measuring memory"),
        new("cold", "10", "seconds of frames that are measured apart, from the first frame the server ever sends; 0 = none"),
        SwarmOptions.Seconds(10), SwarmOptions.WarmUp, SwarmOptions.Threads,
    ];

    public Task<Report> RunAsync(ScenarioContext context, CancellationToken cancellationToken) =>
        context.Arguments.Text("publish") == "service" ? OwnAsync(context, cancellationToken) : OtherAsync(context, cancellationToken);

    private async Task<Report> OwnAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments;
        var work = new SwarmWork
        {
            Scenario = Name,
            Viewers = arguments.Count("viewers", least: 1),
            Transport = arguments.Text("protocol"),
            LikesPerSecond = arguments.Positive("frames"),
            Senders = 1,
            Seconds = arguments.Positive("seconds"),
            WarmUpSeconds = arguments.Count("warm-up"),
            Threads = arguments.Count("threads", least: 1),
        };
        await using var session = await SwarmSession.PrepareAsync(context, work, cancellationToken);
        var server = session.Server ?? throw new InvalidOperationException("The server's process is needed: give --pid.");
        var empty = server.ResidentBytes();
        await session.JoinAsync(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(arguments.Count("settle")), context.Time, cancellationToken);
        session.Report.Fact(IdleKilobytes, (server.ResidentBytes() - empty) / work.Viewers / Kilobyte);
        if (arguments.Count("cold") is var cold and > 0)
        {
            var first = await session.PlayAsync(null, cancellationToken, new(0, cold));
            session.Report.Fact(ColdCpuPerFrame, CpuOf(first) * 1e6 / first.Frames);
        }

        var result = await session.PlayAsync(null, cancellationToken);
        var used = CpuOf(result);
        session.Report.Fact(CpuPerFrame, used * 1e6 / result.Frames);
        session.Report.Fact(Cores, used / result.Seconds);
        var measured = (work.LikesPerSecond * (work.WarmUpSeconds + work.Seconds)) - (long)(work.LikesPerSecond * work.WarmUpSeconds);
        session.Report.Fact(Delivered, 100.0 * result.Viewers.Latency(LatencyNames.Like).Count / (Math.Ceiling(measured) * work.Viewers));
        return await session.FinishAsync(result, cancellationToken);
    }

    private static double CpuOf(PlayResult result) => (result.After.ServiceSeconds - result.Before.ServiceSeconds)!.Value;

    private async Task<Report> OtherAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments;
        var viewers = arguments.Count("viewers", least: 1);
        var server = context.FindServer() ?? throw new InvalidOperationException("The server's process is needed: give --pid.");
        var empty = server.ResidentBytes();
        var plan = new SwarmPlan
        {
            Urls = [.. context.Addresses.Select(a => a.ToString())],
            Protocol = arguments.Text("protocol"),
            Path = arguments.Text("path"),
            Stream = arguments.Text("room"),
            Viewers = viewers,
            Threads = arguments.Count("threads", least: 1),
        };
        await using var swarm = await ViewerSwarm.StartAsync([plan], cancellationToken);
        if (!await swarm.UntilAsync(c => c.Open >= viewers, JoinWithin, Look, cancellationToken))
        {
            throw new InvalidOperationException($"Only {swarm.Last.Open} of {viewers} viewers were open within {JoinWithin}. The last problem: {swarm.Last.LastProblem}");
        }

        await Task.Delay(TimeSpan.FromSeconds(arguments.Count("settle")), context.Time, cancellationToken);
        var report = context.SoFar = new Report(Name);
        report.Fact("viewers", viewers);
        report.Fact(IdleKilobytes, (server.ResidentBytes() - empty) / viewers / Kilobyte);

        using var publisher = IPublisher.Of(arguments.Text("publish"));
        var (rate, seconds) = (arguments.Positive("frames"), arguments.Positive("seconds"));
        if (arguments.Count("cold") is var cold and > 0)
        {
            var (coldBefore, coldCounted) = (server.ProcessorSeconds(), await swarm.CountAsync(cancellationToken));
            await PublishAsync(publisher, arguments, rate, cold, context, cancellationToken);
            var arriving = (long)Math.Ceiling(rate * cold) * viewers;
            await swarm.UntilAsync(c => c.Frames - coldCounted.Frames >= arriving, ArriveWithin, Look, cancellationToken);
            var coldFrames = (await swarm.CountAsync(cancellationToken)).Frames - coldCounted.Frames;
            report.Fact(ColdCpuPerFrame, (server.ProcessorSeconds() - coldBefore) * 1e6 / Math.Max(1, coldFrames));
        }

        await PublishAsync(publisher, arguments, rate, arguments.Count("warm-up"), context, cancellationToken);
        await Task.Delay(Drain, context.Time, cancellationToken);
        await swarm.MeasureAsync(default, 1, cancellationToken);
        var (before, counted, started) = (server.ProcessorSeconds(), await swarm.CountAsync(cancellationToken), Stopwatch.GetTimestamp());
        await PublishAsync(publisher, arguments, rate, seconds, context, cancellationToken);
        var took = Stopwatch.GetElapsedTime(started).TotalSeconds;

        // What is still under way is part of the work.
        var expected = (long)Math.Ceiling(rate * seconds) * viewers;
        await swarm.UntilAsync(c => c.Frames - counted.Frames >= expected, ArriveWithin, Look, cancellationToken);
        var used = server.ProcessorSeconds() - before;
        var after = await swarm.ReportAsync(cancellationToken);
        var frames = after.Frames - counted.Frames;
        report.Fact("frames to viewers", frames);
        report.Fact(CpuPerFrame, used * 1e6 / Math.Max(1, frames));
        report.Fact(Cores, used / took);
        report.Fact(Delivered, 100.0 * frames / expected);
        if (frames == 0) report.Failure("frames were published, but no viewer was sent one");
        report.Fact("viewers cut off by the service (times)", after.CutOff);
        report.Fact("swarm: processor time (cores)", (after.ProcessorSeconds - counted.ProcessorSeconds) / took);
        foreach (var (name, latency) in after.Latencies)
        {
            if (latency.Count > 0) report.Latency(name, latency);
        }

        return report;
    }

    /// <summary>Open-loop, and it waits for no answer beyond the frame after.</summary>
    private static async Task PublishAsync(IPublisher publisher, Arguments arguments, double rate, double seconds, ScenarioContext context, CancellationToken cancellationToken)
    {
        var bytes = arguments.Count("frame-bytes", least: 1);
        var publishing = new List<Task>();
        await new Schedule(context.Time).PlayAsync(
            Enumerable.Range(0, (int)Math.Ceiling(rate * seconds)), n => TimeSpan.FromSeconds(n / rate),
            n => publishing.Add(publisher.PublishAsync(Frame(context.Time.GetUtcNow().ToUnixTimeMilliseconds(), n, bytes), cancellationToken)), cancellationToken);
        await Task.WhenAll(publishing);
    }

    private static byte[] Frame(long atMs, int n, int bytes)
    {
        var start = $"{{\"stream\":\"room\",\"at\":{atMs},\"totals\":{{\"like\":{n}}},\"delta\":{{\"like\":1}},\"pad\":\"";
        return Encoding.ASCII.GetBytes(start + new string('x', Math.Max(0, bytes - start.Length - 2)) + "\"}");
    }
}
