using System.Globalization;
using Interactions.LoadTests.Checks;
using Interactions.LoadTests.Clients;
using Interactions.LoadTests.Measuring;
using Interactions.LoadTests.Running;

namespace Interactions.LoadTests.Scenarios;

/// <summary>Whether the latency that the service knows from its viewers' reports is what they saw: a hot room of this tool's own clients.</summary>
internal sealed class ReportedLatencyScenario : IScenario
{
    private const string Kind = "like";

    /// <summary>How far the latency that the service knows from its viewers may be from what they saw.</summary>
    private const double AgreeWithinMs = 5;

    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SettleAfter = TimeSpan.FromSeconds(1);

    public string Name => "reported-latency";

    public string Summary => "a hot room whose WebSocket viewers report their latency: the percentiles at /metrics have to agree with theirs";

    public IReadOnlyList<Option> Options { get; } =
    [
        new("viewers", "1000", "how many watch"),
        new("transport", "mix", "of the viewers: sse, websocket, signalr, or mix (45, 45 and 10 %)"),
        new("likes", "100", "likes a second, over all senders"),
        new("senders", "10", "users who send them, each on its own WebSocket"),
        new("seconds", "30", "how long is measured"),
        new("warm-up", "3", "seconds of likes before, unmeasured"),
        new("every", "2", "every how many seconds viewers over WebSockets report their latency"),
    ];

    public async Task<Report> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments;
        var rate = arguments.Positive("likes");
        var unmeasured = (int)(rate * arguments.Count("warm-up"));
        var likes = new SentItem[unmeasured + (int)(rate * arguments.Positive("seconds"))];
        for (var i = 0; i < likes.Length; i++) likes[i] = InteractionJson.Reaction(Kind, 1);

        using var service = context.Connect();
        var stream = context.StreamId(Name);
        var broadcaster = await service.TokenAsync("load-broadcaster", "broadcaster", cancellationToken);
        await service.StartStreamAsync(stream, new { title = "Load test: reported latency", reactions = new[] { Kind }, tap = true }, broadcaster, cancellationToken);
        var before = await service.TotalsAsync(stream, broadcaster, cancellationToken);
        var alreadyLiked = before.GetValueOrDefault(Kind);

        var reportEvery = arguments.Count("every", least: 1);
        var reportedBefore = ReportedLatency.Parse(await service.MetricsAsync(cancellationToken));
        await using var audience = new Audience(service, stream, context.Time, TimeSpan.FromSeconds(reportEvery));
        var watches = new List<LikeWatch>();
        var schedule = new Schedule(context.Time) { MeasuredFrom = TimeSpan.FromSeconds(unmeasured / rate) };
        var handedOver = 0;
        using (context.Progress.Show(() => string.Create(CultureInfo.InvariantCulture, $"{audience.Joined} viewers, {handedOver:#,0} of {likes.Length:#,0} likes, {audience.Frames:#,0} frames")))
        {
            await audience.JoinAsync(Mix(arguments), () =>
            {
                watches.Add(new LikeWatch(likes, Kind, alreadyLiked, unmeasured, context.Time));
                return watches[^1];
            }, cancellationToken);
            var senders = await SendersAsync(service, stream, arguments.Count("senders", least: 1), context.Time, cancellationToken);
            await schedule.PlayAsync(likes.Index(), l => TimeSpan.FromSeconds(l.Index / rate), l =>
            {
                senders[l.Index % senders.Length].Send(l.Item);
                handedOver++;
            }, cancellationToken);
            await audience.SettleAsync(0, alreadyLiked + likes.Length, SettleWithin, SettleAfter, cancellationToken);
            await Task.WhenAll(senders.Select(s => s.CloseAsync(SettleWithin)));
            if (Array.Find(senders, s => s.Error is not null) is { } broken) throw new InvalidOperationException($"A sender's connection broke: {broken.Error}");
        }

        await audience.StopAsync();
        var totals = await service.TotalsAsync(stream, broadcaster, cancellationToken);
        await service.EndStreamAsync(stream, broadcaster, cancellationToken);

        var report = new Report(Name);
        TotalsCheck.Outcomes(report, "likes", likes);
        TotalsCheck.Connections(report, audience);
        report.Fact("frames a second to each viewer", audience.Frames / (double)audience.Viewers.Count / (likes.Length / rate));
        report.Fact("likes not seen (over all viewers)", watches.Sum(w => (long)(likes.Length - w.Seen)));
        TotalsCheck.Check(report, likes, before, totals, audience);
        if (likes.All(l => l.IsAccepted)) report.Latency("like sent to seen", Histogram.Sum(watches.Select(w => w.SentToSeen)));
        else report.Note("not every like was accepted, so they cannot be told apart by count: latency only by the frames' oldest");
        report.Latency("frame: oldest in it accepted to seen", Histogram.Sum(audience.Viewers.Select(v => v.SinceOldest)));
        Compare(report, audience, ReportedLatency.Parse(await service.MetricsAsync(cancellationToken)).Since(reportedBefore));
        report.Latency("like sent to acknowledged", CommentCheck.Acknowledged(likes[unmeasured..], context.Time));
        report.Latency("own: sent later than planned", schedule.Lateness);
        return report;
    }

    private static void Compare(Report report, Audience audience, ReportedLatency reported)
    {
        var seen = Histogram.Sum(audience.Viewers.Where(viewer => viewer.Transport == "websocket").Select(viewer => viewer.SinceOldest));
        report.Fact("latencies reported to the service", reported.Count);
        foreach (var percent in (int[])[50, 90, 99])
        {
            var (here, there) = (seen.PercentileMicroseconds(percent) / 1000.0, reported.PercentileMs(percent));
            report.Fact($"delivery by websocket p{percent}: seen here (ms)", here);
            report.Fact($"delivery by websocket p{percent}: the service says (ms)", there);
            if (reported.Count == 0 || Math.Abs(here - there) > AgreeWithinMs)
                report.Failure(string.Create(CultureInfo.InvariantCulture, $"the service's p{percent} of delivery, {there:0.0} ms, is more than {AgreeWithinMs} ms from what viewers saw, {here:0.0} ms"));
        }
    }

    private static IEnumerable<(string Transport, int Count)> Mix(Arguments arguments)
    {
        var viewers = arguments.Count("viewers", least: 1);
        var transport = arguments.Text("transport");
        if (transport is "sse" or "websocket" or "signalr") return [(transport, viewers)];
        if (transport != "mix") throw new UsageException("--transport has to be sse, websocket, signalr or mix.");
        var signalr = viewers / 10;
        var sse = (viewers - signalr) / 2;
        return [("sse", sse), ("websocket", viewers - signalr - sse), ("signalr", signalr)];
    }

    private static async Task<Sender[]> SendersAsync(ServiceClient service, string stream, int count, TimeProvider time, CancellationToken cancellationToken)
    {
        var senders = new Sender[count];
        for (var i = 0; i < count; i++)
        {
            var token = await service.TokenAsync($"liker-{i}", "viewer", cancellationToken);
            senders[i] = new Sender(service.BaseAddress, stream, token, time);
            await senders[i].Opened.WaitAsync(SettleWithin, time, cancellationToken);
        }

        return senders;
    }
}
