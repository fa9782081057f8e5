using System.Collections.Concurrent;
using System.Diagnostics;
using Interactions.Silo.Logs.Memory;
using Interactions.Silo.Nodes;
using Interactions.Silo.Telemetry;
using Xunit;

namespace Interactions.Tests.Silo.Nodes;

public sealed class TracingTests : IAsyncLifetime
{
    private readonly MemoryLog _log = new(TimeProvider.System);
    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly string _id = $"traced-{Guid.NewGuid():N}";
    private TestNode _node = null!;
    private OpenStream _stream = null!;
    private ActivityListener? _listener;

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync(_log);
        _stream = await _node.GoLiveAsync(_id);
    }

    public async ValueTask DisposeAsync()
    {
        _listener?.Dispose();
        await _node.DisposeAsync();
        await _log.DisposeAsync();
    }

    [Fact]
    public async Task One_interaction_is_followed_from_receipt_to_the_fold()
    {
        Listen();
        var receive = await SendAsync();
        var (batch, append, fold) = (Span("batch"), Span("append"), Span("fold"));
        Assert.Equal(receive.SpanId, batch.ParentSpanId);
        Assert.Equal(batch.SpanId, append.ParentSpanId);
        Assert.Equal(append.SpanId, fold.ParentSpanId);
        Assert.All([batch, append, fold], span => Assert.Equal(receive.TraceId, span.TraceId));
        Assert.Equal(fold.Context, _stream.TakeTrace());
        Assert.Equal(default, _stream.TakeTrace());
    }

    [Fact]
    public async Task Other_senders_of_the_same_batch_are_links()
    {
        Listen();
        var senders = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => SendAsync()));
        var batches = _spans.Where(span => span.OperationName == "batch").ToList();
        var seen = batches.SelectMany(batch => batch.Links.Select(link => link.Context.SpanId).Append(batch.ParentSpanId)).ToHashSet();
        Assert.True(batches.Count < senders.Length, "No batch had two senders.");
        Assert.All(seen, span => Assert.Contains(senders, sender => sender.SpanId == span));
        Assert.All(batches, batch => Assert.True(batch.Links.Count() <= 16));
    }

    [Fact]
    public async Task What_a_caller_says_in_traceparent_is_a_link_and_decides_nothing()
    {
        Listen();
        using var caller = new Activity("of the caller");
        caller.SetParentId("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        caller.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        caller.Start();
        var receive = await SendAsync();
        Assert.Equal(default, receive.ParentSpanId);
        Assert.NotEqual(caller.TraceId, receive.TraceId);
        Assert.Equal(caller.TraceId, Assert.Single(receive.Links).Context.TraceId);
    }

    [Fact]
    public async Task What_is_not_sampled_leaves_nothing()
    {
        Listen(ActivitySamplingResult.None);
        using var receive = Tracing.Receive(_id, 1);
        await _stream.SubmitAsync([TestNode.Like()]);
        Assert.Null(receive);
        Assert.Empty(_spans);
        Assert.Equal(default, _stream.TakeTrace());
    }

    private Activity Span(string name) => Assert.Single(_spans, span => span.OperationName == name);

    private async Task<Activity> SendAsync()
    {
        using var receive = Tracing.Receive(_id, 1)!;
        await _stream.SubmitAsync([TestNode.Like()]);
        return receive;
    }

    private void Listen(ActivitySamplingResult answer = ActivitySamplingResult.AllDataAndRecorded)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Tracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => answer,
            ActivityStopped = span =>
            {
                if (Equals(span.GetTagItem(Tracing.StreamTag), _id)) _spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }
}
