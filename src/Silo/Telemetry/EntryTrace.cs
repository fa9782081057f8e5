using System.Diagnostics;
using Interactions.Contracts.Telemetry;

namespace Interactions.Silo.Telemetry;

/// <summary>Where the trace of an entry stands: that of the first of its batches which is traced.</summary>
internal sealed class EntryTrace(string stream, ActivityContext batch)
{
    private ActivityContext _head = batch;

    /// <summary>For whoever shows the entry.</summary>
    public string? Text => Tracing.Text(_head);

    /// <param name="traces">Of its batches.</param>
    /// <returns>Null when none is traced.</returns>
    public static EntryTrace? Of(string stream, IEnumerable<string?> traces)
    {
        if (!Tracing.Source.HasListeners()) return null;
        foreach (var trace in traces)
        {
            if (Tracing.Parse(trace) is var context && context != default) return new EntryTrace(stream, context);
        }

        return null;
    }

    /// <summary>The entry is handed to the log; dispose what is returned when the log has answered.</summary>
    public Activity? BeginAppend(int items) => Begin("append", default)?.SetTag("interactions.items", items);

    public void Folded(DateTimeOffset startedAt) => Begin("fold", startedAt)?.Dispose();

    private Activity? Begin(string step, DateTimeOffset startedAt)
    {
        var span = Tracing.Step(step, _head, stream, startedAt: startedAt);
        _head = span?.Context ?? _head;
        return span;
    }
}
