using Interactions.LoadTests.Checks;

namespace Interactions.LoadTests.Clients;

/// <summary>Viewers of one stream, over several transports.</summary>
internal sealed class Audience(ServiceClient service, string stream, TimeProvider time, TimeSpan? reportEvery = null) : IAsyncDisposable
{
    private const int JoiningAtOnce = 32;
    private static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly List<Viewer> _viewers = [];

    public IReadOnlyList<Viewer> Viewers => _viewers;

    public int Joined { get; private set; }

    public long Frames => _viewers.Sum(v => v.Frames);

    /// <summary>Returns when all have their first snapshot.</summary>
    public async Task JoinAsync(IEnumerable<(string Transport, int Count)> wanted, Func<IFrameObserver>? observer, CancellationToken cancellationToken)
    {
        foreach (var (transport, count) in wanted)
        {
            for (var i = 0; i < count; i++)
            {
                var token = await service.TokenAsync($"viewer-{_viewers.Count}", "viewer", cancellationToken);
                _viewers.Add(new Viewer(service.Source(transport, stream, token), time, observer?.Invoke())
                {
                    Reports = reportEvery is { } every ? new LatencyReports(every, time, _viewers.Count) : null,
                });
            }
        }

        await Parallel.ForEachAsync(_viewers, new ParallelOptions { MaxDegreeOfParallelism = JoiningAtOnce, CancellationToken = cancellationToken }, async (viewer, cancel) =>
        {
            await viewer.StartAsync(JoinWithin, cancel);
            lock (_viewers) Joined++;
        });
    }

    /// <summary>Waits until all have seen at least this much, or <paramref name="within"/> is over; then as long again as
    /// <paramref name="after"/>, in which something that comes twice would come.</summary>
    public async Task SettleAsync(int comments, long taps, TimeSpan within, TimeSpan after, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < within && _viewers.Exists(v => v.Ledger.CommentsAccountedFor < comments || v.Ledger.TotalOfAll < taps))
        {
            await Task.Delay(Step, time, cancellationToken);
        }

        await Task.Delay(after, time, cancellationToken);
    }

    /// <summary>After it the viewers' results stand still.</summary>
    public Task StopAsync() => Task.WhenAll(_viewers.Select(v => v.StopAsync()));

    public async ValueTask DisposeAsync()
    {
        foreach (var viewer in _viewers) await viewer.DisposeAsync();
    }

    /// <summary>Viewers whose deltas since their snapshot, or whose last totals, are not the service's.</summary>
    public int CountWithOtherTotals(IReadOnlyDictionary<string, long> totals) =>
        _viewers.Count(v => !Judge.SameTotals(v.Ledger.Summed, totals) || !Judge.SameTotals(v.Ledger.Totals, totals));
}
