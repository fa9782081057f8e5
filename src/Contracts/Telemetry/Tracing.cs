using System.Diagnostics;

namespace Interactions.Contracts.Telemetry;

/// <summary>
/// The way of one interaction as spans: <c>receive</c> → <c>batch</c> → <c>append</c> → <c>fold</c> → <c>frame</c>. A batch has many
/// senders: the first that is sampled is its parent, the others are links. Costs one check when nobody listens. Spans carry the
/// stream's id and counts, never text and never who.
/// </summary>
public static class Tracing
{
    public const string SourceName = "Interactions";

    public const string StreamTag = "interactions.stream";

    public static readonly ActivitySource Source = new(SourceName);

    /// <summary>
    /// Begins a trace. What the caller says in <c>traceparent</c> becomes a link and no parent: it does not decide what is sampled here.
    /// </summary>
    public static Activity? Receive(string stream, int items)
    {
        if (!Source.HasListeners()) return null;
        var caller = Activity.Current;
        ActivityLink[] links = caller is { Recorded: true } ? [new(caller.Context)] : [];
        Activity.Current = null;
        var span = Source.StartActivity("receive", ActivityKind.Server, default(ActivityContext), links: links);
        if (span is null) Activity.Current = caller;
        else span.SetTag(StreamTag, stream).SetTag("interactions.items", items);
        return span;
    }

    /// <summary>A step of a trace that began elsewhere; null when it is not sampled.</summary>
    public static Activity? Step(string name, ActivityContext parent, string stream, IEnumerable<ActivityLink>? links = null, DateTimeOffset startedAt = default)
    {
        if (parent == default || !Source.HasListeners()) return null;
        return Source.StartActivity(name, ActivityKind.Internal, parent, links: links, startTime: startedAt)?.SetTag(StreamTag, stream);
    }

    /// <summary>A place in a trace as <c>traceparent</c> text; null when it is none that is sampled.</summary>
    public static string? Text(ActivityContext context) => context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
        ? $"00-{context.TraceId.ToHexString()}-{context.SpanId.ToHexString()}-01"
        : null;

    /// <summary>What <see cref="Text"/> made; default when it is none.</summary>
    public static ActivityContext Parse(string? text) => text is not null && ActivityContext.TryParse(text, null, isRemote: true, out var context) ? context : default;
}
