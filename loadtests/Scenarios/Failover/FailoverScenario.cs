using System.Globalization;
using Interactions.LoadTests.Clients;
using Interactions.LoadTests.Measuring;
using Interactions.LoadTests.Running;

namespace Interactions.LoadTests.Scenarios.Failover;

/// <summary>
/// Kills or stops silos under load, one after the other, and measures how long their streams take to go on, and what the streams of the
/// others notice. Starts a cluster of its own.
/// </summary>
internal sealed class FailoverScenario : IScenario
{
    private const int TriesPerStream = 10;
    private static readonly TimeSpan BeforeTryingAgain = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(8);

    public string Name => "failover";

    public string Summary => "kill -9 of silos (or SIGTERM) under load: how long until their streams go on; starts a cluster of its own";

    public IReadOnlyList<Option> Options { get; } =
    [
        new("kills", "20", "how often a silo is killed, in turn"),
        new("stop", "false", "true: SIGTERM instead of kill -9"),
        new("silos", "2", "how many there are"),
        new("frontends", "3", "how many there are"),
        new("streams", "5", "on each silo, anew for each kill"),
        new("every-ms", "50", "time between two likes of a stream"),
        new("logs", null, "the folder where the processes' output goes; without it, it is not kept"),
    ];

    public async Task<Report> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments;
        var kills = arguments.Count("kills", least: 1);
        var every = TimeSpan.FromMilliseconds(arguments.Positive("every-ms"));
        await using var cluster = await LocalCluster.StartAsync(
            arguments.Count("silos", least: 2), arguments.Count("frontends", least: 1), arguments.TextOrNull("logs"), cancellationToken);
        var frontends = cluster.Connect(context.Time);
        var token = await frontends[0].TokenAsync("load-broadcaster", "broadcaster", cancellationToken);
        var (report, recovery, others, quiet) = (new Report(Name), new Histogram(), new Histogram(), new Histogram());
        var stops = arguments.Text("stop") == "true";
        var (killed, moved, gap) = (0, 0, TimeSpan.Zero);
        using (context.Progress.Show(() => string.Create(CultureInfo.InvariantCulture, $"{killed} of {kills} kills, {moved} streams moved")))
        {
            var totals = new Totals();
            for (; killed < kills; killed++)
            {
                var streams = await StartStreamsAsync(cluster, frontends, killed, arguments.Count("streams", least: 1), token, context.Time, cancellationToken);
                var victim = killed % cluster.SiloCount;
                if (!streams.Exists(one => one.Silo == victim)) victim = streams[0].Silo; // one that was just started may be given none
                try
                {
                    var (from, at, to) = await PlayAsync(cluster, victim, stops, streams, every, context.Time, cancellationToken);
                    foreach (var (stream, silo) in streams)
                    {
                        await stream.SettleAsync(token, cancellationToken);
                        stream.Latencies(from, at, quiet);
                        gap = stream.LongestGap(at, to) is var longest && longest > gap ? longest : gap;
                        if (silo != victim)
                        {
                            stream.Latencies(at, to, others);
                        }
                        else
                        {
                            moved++;
                            if (stream.BackAfter(at) is { } back) recovery.Record(back);
                            else report.Failure($"{stream.Id} was not back {After.TotalSeconds:0} s after kill {killed + 1}");
                        }

                        totals.Add(stream);
                        await frontends[0].EndStreamAsync(stream.Id, token, cancellationToken);
                    }
                }
                finally
                {
                    foreach (var (stream, _) in streams) await stream.DisposeAsync();
                }

                await cluster.RestartSiloAsync(victim, cancellationToken);
            }

            totals.Tell(report);
        }

        foreach (var frontend in frontends) frontend.Dispose();
        report.Fact("kills", killed);
        report.Fact("streams that moved", moved);
        report.Fact("longest that a viewer was shown nothing (s)", gap.TotalSeconds);
        report.Latency("killed silo's streams: killed to taken and seen", recovery);
        report.Latency("other streams: like sent to seen, 8 s after", others);
        report.Latency("all streams: like sent to seen, before", quiet);
        return report;
    }

    // Where a stream is placed is the cluster's affair: as many are made as it takes for each silo to have enough.
    private static async Task<List<(LoadedStream Stream, int Silo)>> StartStreamsAsync(
        LocalCluster cluster, ServiceClient[] frontends, int round, int perSilo, string token, TimeProvider time, CancellationToken cancellationToken)
    {
        List<(LoadedStream Stream, int Silo)> streams = [];
        var counts = new int[cluster.SiloCount];
        for (var tries = 0; tries < TriesPerStream * perSilo && counts.Min() < perSilo; tries++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"failover-{round}-{tries}");
            var before = await cluster.StreamsAsync(cancellationToken);
            await frontends[tries % frontends.Length].StartStreamAsync(id, new { title = "Load test: failover" }, token, cancellationToken);
            var after = await cluster.StreamsAsync(cancellationToken);
            var silo = Enumerable.Range(0, after.Length).FirstOrDefault(silo => after[silo] > before[silo], -1);
            if (silo < 0 || counts[silo] == perSilo)
            {
                await Task.Delay(BeforeTryingAgain, time, cancellationToken);
                continue;
            }

            counts[silo]++;
            streams.Add((new LoadedStream(id, frontends, tries % frontends.Length, time), silo));
        }

        foreach (var (stream, _) in streams) await stream.JoinAsync(cancellationToken);
        return streams;
    }

    private static async Task<(long From, long Killed, long To)> PlayAsync(
        LocalCluster cluster, int victim, bool stops, List<(LoadedStream Stream, int Silo)> streams, TimeSpan every, TimeProvider time, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var load = Task.WhenAll(streams.Select((one, i) => LikeAsync(one.Stream, every, every * i / streams.Count, time, stop.Token)));
        var from = time.GetTimestamp();
        await Task.Delay(Before, time, cancellationToken);
        var killed = time.GetTimestamp();
        await (stops ? cluster.StopSiloAsync(victim) : cluster.KillSiloAsync(victim));
        await Task.Delay(After, time, cancellationToken);
        var to = time.GetTimestamp();
        await stop.CancelAsync();
        await load;
        return (from, killed, to);
    }

    private static async Task LikeAsync(LoadedStream stream, TimeSpan every, TimeSpan after, TimeProvider time, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        for (var due = after; ; due += every)
        {
            var wait = due - time.GetElapsedTime(began);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return;
            stream.Like();
        }
    }

    private sealed class Totals
    {
        private long _accepted;
        private long _unanswered;
        private long _lost;
        private long _repeated;
        private int _cutOff;
        private int _wrong;
        private string? _error;

        public void Add(LoadedStream stream)
        {
            _accepted += stream.Accepted;
            _unanswered += stream.Unanswered;
            _lost += stream.Lost;
            _repeated += stream.Repeated;
            _cutOff += stream.CutOff;
            _wrong += stream.Wrong;
            _error ??= stream.Error;
        }

        public void Tell(Report report)
        {
            report.Fact("likes accepted", _accepted);
            report.Fact("likes unanswered", _unanswered);
            report.Fact("likes lost", _lost);
            report.Fact("likes repeated", _repeated);
            report.Fact("viewers cut off (times)", _cutOff);
            report.Fact("viewers with totals other than the service's", _wrong);
            if (_error is not null) report.Note($"a sender: {_error}");
            if (_lost > 0) report.Failure($"{_lost} acknowledged likes were lost");
            if (_repeated > 0) report.Failure($"{_repeated} likes were repeated");
            if (_cutOff > 0) report.Failure($"viewers were cut off {_cutOff} times");
            if (_wrong > 0) report.Failure($"{_wrong} viewers ended with totals other than the service's");
        }
    }
}
