using System.Diagnostics;

namespace Interactions.Silo.Telemetry;

/// <summary>The sampled senders of one batch, and where its trace stands. Exists only when there is one.</summary>
internal sealed class BatchTrace
{
    private const int MostLinks = 16;

    private readonly DateTimeOffset _since = DateTimeOffset.UtcNow;
    private readonly ActivityContext _first;
    private ActivityContext _last;
    private List<ActivityLink>? _others;

    private BatchTrace(ActivityContext first) => (_first, _last) = (first, first);

    /// <summary>Where the next step hangs on.</summary>
    public ActivityContext Head { get; private set; }

    /// <summary>Takes note of the sender who is adding to the batch, if it is sampled.</summary>
    public static BatchTrace? Join(BatchTrace? trace)
    {
        if (!Tracing.Source.HasListeners() || Activity.Current is not { Recorded: true } sender || sender.Source != Tracing.Source) return trace;
        if (trace is null) return new BatchTrace(sender.Context);
        if (sender.Context == trace._last || trace._others is { Count: >= MostLinks }) return trace;
        trace._last = sender.Context;
        (trace._others ??= []).Add(new ActivityLink(sender.Context));
        return trace;
    }

    /// <summary>The batch is closed and handed to the log; dispose what is returned when the log has answered.</summary>
    public Activity? BeginAppend(string stream, int items)
    {
        using (var batch = Tracing.Step("batch", _first, stream, _others, _since))
        {
            batch?.SetTag("interactions.items", items);
            Head = batch?.Context ?? _first;
        }

        var append = Tracing.Step("append", Head, stream);
        Head = append?.Context ?? Head;
        return append;
    }

    public void Folded(string stream, DateTimeOffset startedAt)
    {
        using var fold = Tracing.Step("fold", Head, stream, startedAt: startedAt);
        Head = fold?.Context ?? Head;
    }
}
