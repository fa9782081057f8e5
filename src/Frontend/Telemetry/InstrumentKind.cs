using System.Diagnostics.Metrics;

namespace Interactions.Frontend.Telemetry;

/// <summary>What is known of an instrument by its type.</summary>
/// <param name="Kind">How it is shown.</param>
/// <param name="Adds">Whether measurements are changes (else each replaces the one before).</param>
/// <param name="IsObservable">Whether it is asked when scraped; what it does not say then is gone.</param>
internal readonly record struct InstrumentKind(MetricKind Kind, bool Adds, bool IsObservable)
{
    public static InstrumentKind? Of(Instrument instrument)
    {
        var type = instrument.GetType();
        if (!type.IsGenericType) return null;
        var open = type.GetGenericTypeDefinition();
        if (open == typeof(Counter<>)) return new(MetricKind.Counter, true, false);
        if (open == typeof(UpDownCounter<>)) return new(MetricKind.Gauge, true, false);
        if (open == typeof(Gauge<>)) return new(MetricKind.Gauge, false, false);
        if (open == typeof(Histogram<>)) return new(MetricKind.Histogram, true, false);
        if (open == typeof(ObservableCounter<>)) return new(MetricKind.Counter, false, true);
        if (open == typeof(ObservableUpDownCounter<>)) return new(MetricKind.Gauge, false, true);
        if (open == typeof(ObservableGauge<>)) return new(MetricKind.Gauge, false, true);
        return null;
    }
}
