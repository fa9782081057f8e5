using System.Collections.Concurrent;
using System.Globalization;
using Interactions.LoadTests.Clients;
using Interactions.LoadTests.Measuring;
using Interactions.LoadTests.Running;
using Interactions.LoadTests.Traces;

namespace Interactions.LoadTests.Scenarios;

/// <summary>
/// A recorded stream again: its bursts, its authors (each a user on its own connection), texts of its lengths, reactions
/// around them, with viewers over every transport. Fails when anything acknowledged is lost, or anything comes twice.
/// </summary>
internal sealed class TraceScenario : IScenario
{
    private static readonly string[] Kinds = ["like", "heart", "laugh", "fire"];
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SettleAfter = TimeSpan.FromSeconds(1);

    /// <summary>Above the longest text of any trace; in code points, so bytes are enough.</summary>
    private const int MaxCommentLength = 5000;

    public string Name => "trace";

    public string Summary => "plays the comments of a recorded stream, with reactions, and checks that every viewer gets everything once";

    public IReadOnlyList<Option> Options { get; } =
    [
        new("csv", Repository.PathOf(Path.Combine("loadtests", "data", "sample-trace.csv")), "the trace: ms,author,utf8_bytes"),
        new("speed", "1", "how many times faster than recorded"),
        new("viewers-sse", "20", "viewers over Server-Sent Events"),
        new("viewers-ws", "20", "viewers over WebSocket"),
        new("viewers-signalr", "10", "viewers over SignalR"),
        new("reactions-per-comment", "3", "reactions sent around each comment, each of 1 to 3 taps"),
        new("connections", "500", "how many authors are connected at most; those idle for longest leave"),
        new("seed", "1", "of the made-up texts and reactions"),
    ];

    public async Task<Report> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments;
        IReadOnlyList<TraceRow> rows;
        using (var file = new StreamReader(arguments.Text("csv"))) rows = TraceFile.Read(file);
        var plan = TracePlan.Make(rows, arguments.Positive("speed"), arguments.Count("reactions-per-comment"), Kinds, arguments.Count("seed"));
        (string, int)[] wanted = [("sse", arguments.Count("viewers-sse")), ("websocket", arguments.Count("viewers-ws")), ("signalr", arguments.Count("viewers-signalr"))];

        using var service = context.Connect();
        var stream = context.StreamId(Name);
        var broadcaster = await service.TokenAsync("load-broadcaster", "broadcaster", cancellationToken);
        var tokens = await TokensAsync(service, rows, cancellationToken);
        await service.StartStreamAsync(stream, new { title = "Load test: trace", reactions = Kinds, tap = true, slowModeSeconds = 0, maxCommentLength = MaxCommentLength }, broadcaster, cancellationToken);
        var before = await service.TotalsAsync(stream, broadcaster, cancellationToken);

        await using var audience = new Audience(service, stream, context.Time);
        var pool = new SenderPool(service, stream, tokens, arguments.Count("connections", least: 1), context.Time);
        var schedule = new Schedule(context.Time);
        var sent = new SentItem[plan.Count];
        var handedOver = 0;
        var started = context.Time.GetTimestamp();
        using (context.Progress.Show(() => Line(handedOver, plan, pool, audience, context.Time.GetElapsedTime(started))))
        {
            await audience.JoinAsync(wanted, null, cancellationToken);
            started = context.Time.GetTimestamp();
            await schedule.PlayAsync(plan, p => p.At, p => pool.Send(p.Author, sent[handedOver++] = Item(p)), cancellationToken);
            await pool.CloseAsync();
            var taps = before.Values.Sum() + sent.Where(s => s is { IsComment: false, IsAccepted: true }).Sum(s => (long)s.Count);
            await audience.SettleAsync(sent.Count(s => s is { IsComment: true, IsAccepted: true }), taps, SettleWithin, SettleAfter, cancellationToken);
        }

        await audience.StopAsync();
        var totals = await service.TotalsAsync(stream, broadcaster, cancellationToken);
        await service.EndStreamAsync(stream, broadcaster, cancellationToken);
        return Judge(context, sent, before, totals, audience, pool, schedule);
    }

    private Report Judge(
        ScenarioContext context, SentItem[] sent, IReadOnlyDictionary<string, long> before, IReadOnlyDictionary<string, long> totals, Audience audience, SenderPool pool, Schedule schedule)
    {
        var report = new Report(Name);
        var comments = Array.FindAll(sent, s => s.IsComment);
        var reactions = Array.FindAll(sent, s => !s.IsComment);
        TotalsCheck.Outcomes(report, "comments", comments);
        TotalsCheck.Outcomes(report, "reactions", reactions);
        report.Fact("taps acknowledged", reactions.Where(r => r.IsAccepted).Sum(r => r.Count));
        report.Fact("taps counted by the service", totals.Values.Sum() - before.Values.Sum());
        report.Fact("senders' connections", pool.Opened);
        report.Fact("senders' connections broken", pool.Broken);
        if (pool.LastError is { } error) report.Note($"last error of a sender: {error}");
        TotalsCheck.Connections(report, audience);
        report.Fact("frames to senders", pool.Frames);
        CommentCheck.Check(report, comments, audience);
        TotalsCheck.Check(report, reactions, before, totals, audience);

        CommentCheck.Latencies(report, comments, audience, context.Time);
        report.Latency("reaction sent to acknowledged", CommentCheck.Acknowledged(reactions, context.Time));
        report.Latency("frame: oldest in it accepted to seen", Histogram.Sum(audience.Viewers.Select(v => v.SinceOldest)));
        report.Latency("own: sent later than planned", schedule.Lateness);
        report.Latency("own: waited for the sender's connection", Waits(sent, context.Time));
        return report;
    }

    private static Histogram Waits(SentItem[] sent, TimeProvider time)
    {
        var waits = new Histogram();
        foreach (var item in sent)
        {
            if (item.SentAt != 0) waits.Record(time.GetElapsedTime(item.HandedOverAt, item.SentAt));
        }

        return waits;
    }

    private static SentItem Item(PlannedSend planned) => planned.Text is { } text
        ? InteractionJson.Comment(text, planned.Key!)
        : InteractionJson.Reaction(planned.Kind!, planned.Count);

    private static string Line(int handedOver, IReadOnlyList<PlannedSend> plan, SenderPool pool, Audience audience, TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{elapsed.TotalSeconds:0} of {plan[^1].At.TotalSeconds:0} s: {handedOver:#,0} of {plan.Count:#,0} sent, {pool.Open} authors connected, {audience.Joined} viewers, {audience.Frames:#,0} frames");

    private static async Task<IReadOnlyDictionary<int, string>> TokensAsync(ServiceClient service, IReadOnlyList<TraceRow> rows, CancellationToken cancellationToken)
    {
        var tokens = new ConcurrentDictionary<int, string>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(rows.Select(r => r.Author).Distinct(), options, async (author, cancel) =>
            tokens[author] = await service.TokenAsync($"author-{author}", "viewer", cancel));
        return tokens;
    }
}
