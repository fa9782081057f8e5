using System.Collections.Concurrent;
using Interactions.Silo.Logs;
using Interactions.Silo.Telemetry;

namespace Interactions.Silo.Grains;

/// <summary>The streams that are active on this silo. Safe for any thread.</summary>
internal sealed class StreamRegister : IDisposable
{
    private const int AtOnce = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<LiveStream, bool> _streams = new();
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

    public void Add(LiveStream stream) => _streams[stream] = true;

    public void Remove(LiveStream stream) => _streams.TryRemove(stream, out _);

    public void Dispose()
    {
        _timer.Dispose();
        foreach (var name in _servers.Names) _servers.Of(name).Restarted -= TellRestarted;
    }

    private void TellRestarted() => _ = TellRestartedAsync();

    // Some at a time, those whom somebody watches first: each may have something to put back.
    private async Task TellRestartedAsync()
    {
        foreach (var some in _streams.Keys.OrderByDescending(static stream => stream.SubscriberCount > 0).Chunk(AtOnce))
        {
            foreach (var stream in some) stream.StoreRestarted();
            await Task.Delay(Pause, _time);
        }
    }

    private TimeSpan LogTimeAhead()
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return TimeSpan.FromMilliseconds(_streams.Keys.Select(stream => Math.Max(0, stream.LastMs - nowMs)).DefaultIfEmpty().Max());
    }
}
