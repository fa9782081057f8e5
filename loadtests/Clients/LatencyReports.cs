using System.Globalization;
using System.Text;

namespace Interactions.LoadTests.Clients;

/// <summary>
/// What a viewer reports in its pings: each frame with the same chance, whatever the pace. (A fixed number a ping would
/// give more weight to the times in which frames are few, and those are the bad ones.) For one viewer, on one thread at a time.
/// </summary>
internal sealed class LatencyReports(TimeSpan every, TimeProvider time, int seed)
{
    /// <summary>The most that a ping may carry.</summary>
    public const int Most = 16;

    // At the pacer's fastest, 40 frames a second, a ping is full when it is due.
    private readonly double _chance = Math.Min(1, Most / (40 * Math.Max(every.TotalSeconds, 0.001)));
    private readonly List<double> _waiting = [];
    private readonly Random _random = new(seed);
    private long _reportedAt = time.GetTimestamp();

    public void Add(TimeSpan latency)
    {
        if (_random.NextDouble() < _chance) _waiting.Add(Math.Max(0, latency.TotalMilliseconds));
    }

    /// <returns>A ping, when it is time for one or there is enough for one; else null.</returns>
    public byte[]? Next(long now)
    {
        if (_waiting.Count == 0 || (_waiting.Count < Most && time.GetElapsedTime(_reportedAt, now) < every)) return null;
        var numbers = string.Join(',', _waiting.Take(Most).Select(latency => latency.ToString("0.###", CultureInfo.InvariantCulture)));
        _waiting.RemoveRange(0, Math.Min(Most, _waiting.Count));
        _reportedAt = now;
        return Encoding.ASCII.GetBytes($$"""{"t":"ping","latencyMs":[{{numbers}}]}""");
    }
}
