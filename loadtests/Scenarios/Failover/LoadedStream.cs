using Interactions.LoadTests.Clients;
using Interactions.LoadTests.Measuring;

namespace Interactions.LoadTests.Scenarios.Failover;

/// <summary>A stream with a sender at one frontend, which likes at a steady pace whatever is answered, and a viewer at each.</summary>
/// <param name="home">The sender's frontend.</param>
internal sealed class LoadedStream(string id, ServiceClient[] frontends, int home, TimeProvider time) : IAsyncDisposable
{
    private const string Kind = "like";
    private static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly List<SentItem> _sent = [];
    private readonly List<(Viewer Viewer, LikesSeen Seen)> _viewers = [];
    private Sender? _sender;
    private long _counted;

    public string Id => id;

    public long Unanswered => _sent.Count(static item => item.Outcome is null);

    public long Accepted => _sent.Count(static item => item.IsAccepted);

    public long Lost => Math.Max(0, Accepted - _counted);

    public long Repeated => Math.Max(0, _counted - Accepted - Unanswered);

    public int CutOff => _viewers.Sum(static one => one.Viewer.Disconnects);

    /// <summary>Viewers whose deltas do not add up to what the stream counts.</summary>
    public int Wrong => _viewers.Count(one => one.Viewer.Ledger.DeltaMismatches > 0 || one.Viewer.Ledger.Summed.GetValueOrDefault(Kind) != _counted);

    public string? Error => _sender?.Error;

    public async Task JoinAsync(CancellationToken cancellationToken)
    {
        foreach (var frontend in frontends)
        {
            var seen = new LikesSeen();
            var viewer = new Viewer(frontend.Source("sse", id, await frontend.TokenAsync("load-viewer", "viewer", cancellationToken)), time, seen);
            _viewers.Add((viewer, seen));
            await viewer.StartAsync(JoinWithin, cancellationToken);
        }

        _sender = new Sender(frontends[home].BaseAddress, id, await frontends[home].TokenAsync("load-sender", "viewer", cancellationToken), time);
        await _sender.Opened.WaitAsync(JoinWithin, time, cancellationToken);
    }

    /// <summary>Sends the next like now.</summary>
    public void Like()
    {
        var item = InteractionJson.Reaction(Kind, 1);
        lock (_sent) _sent.Add(item);
        _sender!.Send(item);
    }

    /// <summary>Waits for answers and for viewers, and closes both.</summary>
    public async Task SettleAsync(string token, CancellationToken cancellationToken)
    {
        await _sender!.CloseAsync(AnswersWithin);
        _counted = (await frontends[home].TotalsAsync(id, token, cancellationToken)).GetValueOrDefault(Kind);
        var since = time.GetTimestamp();
        while (time.GetElapsedTime(since) < AnswersWithin && _viewers.Exists(one => one.Viewer.Ledger.TotalOfAll < _counted)) await Task.Delay(Step, time, cancellationToken);
        foreach (var (viewer, _) in _viewers) await viewer.StopAsync();
    }

    /// <summary>
    /// From a moment until a like that was sent after it was answered, and each viewer had been shown such a like. Null: that never was.
    /// </summary>
    public TimeSpan? BackAfter(long moment)
    {
        var answered = _sent.Where(item => item.IsAccepted && item.HandedOverAt >= moment).Select(static item => item.AnsweredAt).DefaultIfEmpty(long.MaxValue).Min();
        var shown = _viewers.Max(one => one.Seen.At.Where((_, like) => like < _sent.Count && _sent[like].HandedOverAt >= moment).DefaultIfEmpty(long.MaxValue).Min());
        var back = Math.Max(answered, shown);
        return back == long.MaxValue ? null : time.GetElapsedTime(moment, back);
    }

    /// <summary>The longest that a viewer was shown nothing new from one moment to another.</summary>
    public TimeSpan LongestGap(long from, long to) => _viewers.Max(one => one.Seen.At.Where(at => at >= from && at < to).Prepend(from).Append(to)
        .Aggregate((Last: from, Longest: TimeSpan.Zero), (gap, at) => (at, time.GetElapsedTime(gap.Last, at) is var now && now > gap.Longest ? now : gap.Longest)).Longest);

    /// <summary>From sending to seeing, of what was sent between two moments.</summary>
    public void Latencies(long from, long to, Histogram histogram)
    {
        foreach (var (_, seen) in _viewers)
        {
            for (var like = 0; like < seen.At.Count && like < _sent.Count; like++)
            {
                var sentAt = _sent[like].HandedOverAt;
                if (sentAt >= from && sentAt < to) histogram.Record(time.GetElapsedTime(sentAt, seen.At[like]));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (viewer, _) in _viewers) await viewer.DisposeAsync();
        if (_sender is not null) await _sender.DisposeAsync();
    }
}
