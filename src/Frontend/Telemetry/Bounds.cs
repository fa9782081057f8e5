using System.Diagnostics.Metrics;

namespace Interactions.Frontend.Telemetry;

/// <summary>Upper bounds of histogram buckets, in seconds.</summary>
internal static class Bounds
{
    /// <summary>Around the promise of 100 ms, and far enough out to see how badly it is broken.</summary>
    public static InstrumentAdvice<double> Seconds { get; } = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5],
    };

    /// <summary>Every 5 ms up to 200 ms, so that a percentile read from the buckets is at most 5 ms off there; every 10 ms up to 300 ms, wider above.</summary>
    public static InstrumentAdvice<double> Delivery { get; } = new()
    {
        HistogramBucketBoundaries =
        [
            0.001, 0.0025, .. Enumerable.Range(1, 40).Select(step => step * 5 / 1000.0),
            .. Enumerable.Range(21, 10).Select(step => step * 10 / 1000.0), 0.35, 0.4, 0.5, 0.75, 1, 2.5, 5, 10, 30, 60,
        ],
    };
}
