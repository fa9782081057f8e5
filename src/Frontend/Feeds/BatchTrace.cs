using System.Diagnostics;
using Interactions.Contracts.Telemetry;

namespace Interactions.Frontend.Feeds;

/// <summary>The sampled senders of one batch. Exists only when there is one.</summary>
internal sealed class BatchTrace
{
    private const int MostLinks = 16;

    private readonly DateTimeOffset _since = DateTimeOffset.UtcNow;
    private readonly ActivityContext _first;
    private ActivityContext _last;
    private List<ActivityLink>? _others;

    private BatchTrace(ActivityContext first) => (_first, _last) = (first, first);

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

    /// <summary>The batch is closed, and sent with what is returned: the <c>traceparent</c> on which the next step hangs.</summary>
    public string? Close(string stream, int items)
    {
        using var batch = Tracing.Step("batch", _first, stream, _others, _since);
        batch?.SetTag("interactions.items", items);
        return Tracing.Text(batch?.Context ?? _first);
    }
}
