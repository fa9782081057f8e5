namespace Interactions.Frontend.Telemetry;

/// <summary>How an instrument is shown to Prometheus.</summary>
internal enum MetricKind : byte
{
    Counter,
    Gauge,
    Histogram,
}
