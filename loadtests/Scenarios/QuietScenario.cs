using System.Globalization;
using Interactions.LoadTests.Clients;
using Interactions.LoadTests.Running;
using Interactions.LoadTests.Traces;

namespace Interactions.LoadTests.Scenarios;

/// <summary>How fast one comment is when nothing else happens: no tick to wait for, so this is the bare way through.</summary>
internal sealed class QuietScenario : IScenario
{
    private const int TextBytes = 40;
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SettleAfter = TimeSpan.FromSeconds(1);

    public string Name => "quiet";

    public string Summary => "a lone comment on a quiet stream, again and again: from sending to seeing, per transport";

    public IReadOnlyList<Option> Options { get; } =
    [
        new("comments", "200", "how many are measured"),
        new("warm-up", "20", "how many come before, unmeasured"),
        new("spacing-ms", "150", "time between two"),
        new("viewers", "1", "viewers per transport"),
    ];

    public async Task<Report> RunAsync(ScenarioContext context, CancellationToken cancellationToken)
    {
        var arguments = context.Arguments;
        var warmUp = arguments.Count("warm-up");
        var count = warmUp + arguments.Count("comments", least: 1);
        var viewers = arguments.Count("viewers", least: 1);
        var spacing = TimeSpan.FromMilliseconds(arguments.Positive("spacing-ms"));

        using var service = context.Connect();
        var stream = context.StreamId(Name);
        var broadcaster = await service.TokenAsync("load-broadcaster", "broadcaster", cancellationToken);
        await service.StartStreamAsync(stream, new { title = "Load test: quiet", slowModeSeconds = 0 }, broadcaster, cancellationToken);

        await using var audience = new Audience(service, stream, context.Time);
        var schedule = new Schedule(context.Time) { MeasuredFrom = spacing * (warmUp + 1) };
        var random = new Random(1);
        SentItem[] comments = [.. Enumerable.Range(0, count).Select(i => InteractionJson.Comment(MixedText.OfLength(TextBytes, random), $"q-{i}"))];
        var handedOver = 0;
        var token = await service.TokenAsync("load-author", "viewer", cancellationToken);
        using (context.Progress.Show(() => string.Create(CultureInfo.InvariantCulture, $"{handedOver} of {count} comments, {audience.Frames} frames")))
        {
            await audience.JoinAsync([("sse", viewers), ("websocket", viewers), ("signalr", viewers)], null, cancellationToken);
            await using var sender = new Sender(service.BaseAddress, stream, token, context.Time);
            await sender.Opened.WaitAsync(SettleWithin, context.Time, cancellationToken);
            await schedule.PlayAsync(comments.Index(), c => spacing * (c.Index + 1), c =>
            {
                sender.Send(c.Item);
                handedOver++;
            }, cancellationToken);
            await audience.SettleAsync(count, 0, SettleWithin, SettleAfter, cancellationToken);
            await sender.CloseAsync(SettleWithin);
            if (sender.Error is { } error) throw new InvalidOperationException($"The sender's connection broke: {error}");
        }

        await audience.StopAsync();
        await service.EndStreamAsync(stream, broadcaster, cancellationToken);

        var report = new Report(Name);
        TotalsCheck.Outcomes(report, "comments", comments);
        TotalsCheck.Connections(report, audience);
        CommentCheck.Check(report, comments, audience);
        CommentCheck.Latencies(report, comments[warmUp..], audience, context.Time);
        report.Latency("own: sent later than planned", schedule.Lateness);
        return report;
    }
}
