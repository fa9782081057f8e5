using System.Diagnostics.Tracing;
using System.Globalization;

namespace Interactions.Frontend.Telemetry;

/// <summary>
/// Says in the log, once a minute at most, that the collector does not take what is sent: the exporter itself tells only
/// its event source. Disposing ends it.
/// </summary>
internal sealed partial class CollectorWatch(TimeProvider time, ILogger logger) : EventListener
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";

    private static readonly TimeSpan SayEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private long? _saidAt;

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == Exporter) EnableEvents(eventSource, EventLevel.Warning);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // The base class hears of every source, also of its own troubles.
        if (eventData.EventSource.Name != Exporter) return;
        lock (_lock)
        {
            if (_saidAt is { } saidAt && time.GetElapsedTime(saidAt) < SayEvery) return;
            _saidAt = time.GetTimestamp();
        }

        // An exception comes as text with its stack: the first line is what an operator needs.
        var why = string.Format(CultureInfo.InvariantCulture, eventData.Message ?? "", [.. eventData.Payload ?? []]);
        LogAway(logger, why.Split('\n')[0].TrimEnd());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Telemetry does not reach its collector: {Why}")]
    private static partial void LogAway(ILogger logger, string why);
}
