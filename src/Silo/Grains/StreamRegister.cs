using System.Collections.Concurrent;
using Interactions.Silo.Logs;
using Interactions.Silo.Telemetry;
using Orleans.Runtime;

namespace Interactions.Silo.Grains;

/// <summary>The streams that are active on this silo. Safe for any thread.</summary>
internal sealed class StreamRegister : IDisposable
{
    private const int AtOnce = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<LiveStream, IGrainContext> _streams = new();
    private readonly LogServers _servers;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public StreamRegister(LogServers servers, ClockWatch watch, TimeProvider time, SiloMetrics metrics)
    {
        (_servers, _time) = (servers, time);
        foreach (var name in servers.Names) servers.Of(name).Restarted += TellRestarted;
        _timer = time.CreateTimer(
            _ =>
            {
                watch.Look();
                foreach (var (stream, _) in _streams) stream.TrimIfQuiet();
            },
            null, LookEvery, LookEvery);
        metrics.Observe(() => _streams.Count, LogTimeAhead);
    }

    /// <param name="activation">Where it is active.</param>
    public void Add(LiveStream stream, IGrainContext activation) => _streams[stream] = activation;

    public void Remove(LiveStream stream) => _streams.TryRemove(stream, out _);

    /// <summary>The activations of all streams, those that somebody watches first.</summary>
    public IReadOnlyList<IGrainContext> WatchedFirst() => [.. InOrder().Select(static one => one.Value)];

    public void Dispose()
    {
        _timer.Dispose();
        foreach (var name in _servers.Names) _servers.Of(name).Restarted -= TellRestarted;
    }

    private void TellRestarted() => _ = TellRestartedAsync();

    // Some at a time: each may have something to put back.
    private async Task TellRestartedAsync()
    {
        foreach (var some in InOrder().Chunk(AtOnce))
        {
            foreach (var (stream, _) in some) stream.StoreRestarted();
            await Task.Delay(Pause, _time);
        }
    }

    private IEnumerable<KeyValuePair<LiveStream, IGrainContext>> InOrder() => _streams.OrderByDescending(static one => one.Key.SubscriberCount > 0);

    private TimeSpan LogTimeAhead()
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return TimeSpan.FromMilliseconds(_streams.Keys.Select(stream => Math.Max(0, stream.LastMs - nowMs)).DefaultIfEmpty().Max());
    }
}
