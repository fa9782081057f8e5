using System.Diagnostics.Metrics;
using Interactions.Contracts;

namespace Interactions.Frontend.Telemetry;

/// <summary>What the frontend counts. No stream or user is ever a tag. Safe for concurrent callers; nothing here allocates or waits.</summary>
internal sealed class FrontendMetrics
{
    public const string MeterName = "Interactions.Frontend";

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        // Around the promise of 100 ms, and far enough out to see how badly it is broken.
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5],
    };

    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _items;
    private readonly Counter<long> _frames;
    private readonly Counter<long> _frameBytes;
    private readonly Counter<long> _catchUps;
    private readonly Counter<long> _snapshots;
    private readonly Histogram<double> _fanOut;
    private readonly Histogram<double> _likeToFrame;
    private readonly Counter<long> _stretched;
    private readonly UpDownCounter<long> _stalled;

    public FrontendMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _connections = meter.CreateUpDownCounter<long>("interactions.connections", "{connection}", "Viewers that are connected, by transport.");
        _items = meter.CreateCounter<long>("interactions.items", "{item}", "Interactions that were answered, by code and type.");
        _frames = meter.CreateCounter<long>("interactions.frames", "{frame}", "Frames handed to viewers' sinks, by transport.");
        _frameBytes = meter.CreateCounter<long>("interactions.frames.size", "By", "Bytes of frames handed to viewers' sinks, by transport.");
        _catchUps = meter.CreateCounter<long>("interactions.catchups", "{frame}", "Catch-up frames made for a viewer, by reason.");
        _snapshots = meter.CreateCounter<long>("interactions.snapshots", "{frame}", "Snapshots sent to viewers, by reason.");
        _fanOut = meter.CreateHistogram("interactions.fanout.duration", "s", "From the closing of a frame until every viewer that keeps up has been handed it.", tags: null, advice: Seconds);
        _stretched = meter.CreateCounter<long>("interactions.fanout.stretched", "{tick}", "Ticks after which a stream had to pause for longer than 25 ms, because fan-out may take half of the time.");
        _stalled = meter.CreateUpDownCounter<long>("interactions.viewers.stalled", "{viewer}", "Viewers whose connection takes no bytes now.");
        _likeToFrame = meter.CreateHistogram("interactions.latency", "s", "From accepting the oldest interaction of a frame until the frame is handed out.", tags: null, advice: Seconds);
    }

    /// <param name="transport"><c>sse</c>, <c>websocket</c> or <c>signalr</c>.</param>
    public void ConnectionOpened(string transport) => _connections.Add(1, new KeyValuePair<string, object?>("transport", transport));

    public void ConnectionClosed(string transport) => _connections.Add(-1, new KeyValuePair<string, object?>("transport", transport));

    /// <param name="type">See <see cref="Api.InteractionTypes.Name"/>.</param>
    public void ItemAnswered(Code code, string type, long count = 1) => _items.Add(
        count,
        new KeyValuePair<string, object?>("code", code.Info().Name),
        new KeyValuePair<string, object?>("type", type));

    public void FramesSent(string transport, long count, long bytes)
    {
        var tag = new KeyValuePair<string, object?>("transport", transport);
        _frames.Add(count, tag);
        _frameBytes.Add(bytes, tag);
    }

    /// <param name="reason">One of a few fixed words, such as <c>resume</c> or <c>lag</c>.</param>
    public void CatchUpSent(string reason) => _catchUps.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <param name="reason">One of a few fixed words, such as <c>join</c>, <c>epoch</c> or <c>too_old</c>.</param>
    public void SnapshotSent(string reason) => _snapshots.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void FannedOut(TimeSpan took) => _fanOut.Record(took.TotalSeconds);

    public void TickStretched() => _stretched.Add(1);

    public void ViewersStalled(int change) => _stalled.Add(change);

    /// <summary>Ages by two machines' clocks may come out negative; they count as none.</summary>
    public void LikeToFrame(TimeSpan age) => _likeToFrame.Record(Math.Max(0, age.TotalSeconds));
}
