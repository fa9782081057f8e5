using System.Text.Json;
using Interactions.Frontend.Api;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Telemetry;

/// <summary>
/// Takes what viewers report of how late frames reach them, and tells them the time, by which they correct their clocks.
/// The reports are the viewers' word and nothing is decided by them. Safe for concurrent callers.
/// </summary>
internal sealed class Pings(FrontendMetrics metrics, TimeProvider time)
{
    /// <summary>Of one report.</summary>
    public const int MostLatencies = 16;

    /// <summary>What is later than this was not late but asleep.</summary>
    public const double LongestMs = 60_000;

    /// <summary>ms since 1970 UTC.</summary>
    public long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <param name="message">An object with <c>latencyMs</c>, a list of numbers, or without.</param>
    /// <param name="problem">What is wrong with its shape; then nothing of it is taken.</param>
    public bool TryTake(JsonElement message, Transport transport, out string problem)
    {
        problem = "";
        return Shape.IsAbsent(message, "latencyMs", out var list) || TryTakeList(list, transport, out problem);
    }

    public bool TryTakeList(JsonElement list, Transport transport, out string problem)
    {
        problem = $"latencyMs has to be a list of at most {MostLatencies} numbers.";
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MostLatencies) return false;
        Span<double> latencies = stackalloc double[MostLatencies];
        var count = 0;
        foreach (var one in list.EnumerateArray())
        {
            if (one.ValueKind != JsonValueKind.Number) return false;
            if (one.TryGetDouble(out var latency) && latency is >= 0 and <= LongestMs) latencies[count++] = latency;
        }

        foreach (var latency in latencies[..count]) metrics.Delivered(transport, latency);
        problem = "";
        return true;
    }
}
