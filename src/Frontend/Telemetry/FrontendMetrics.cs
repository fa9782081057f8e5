using System.Diagnostics.Metrics;
using Interactions.Contracts;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Telemetry;

/// <summary>What the frontend counts. No stream or user is ever a tag. Safe for concurrent callers; nothing here allocates or waits.</summary>
internal sealed class FrontendMetrics
{
    public const string MeterName = "Interactions.Frontend";

    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _opened;
    private readonly Counter<long> _closed;
    private readonly Counter<long> _items;
    private readonly Counter<long> _frames;
    private readonly Counter<long> _frameBytes;
    private readonly Counter<long> _catchUps;
    private readonly Counter<long> _snapshots;
    private readonly Counter<long> _stretched;
    private readonly Counter<long> _tokensRefused;
    private readonly Histogram<double> _fanOut;
    private readonly Histogram<double> _frameLatency;
    private readonly Histogram<double> _delivery;
    private readonly Gauge<long> _rooms;
    private readonly UpDownCounter<long> _stalled;

    public FrontendMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _connections = meter.CreateUpDownCounter<long>("interactions.connections", "{connection}", "Viewers that are connected, by transport.");
        _opened = meter.CreateCounter<long>("interactions.connections.opened", "{connection}", "Viewers that came, by transport.");
        _closed = meter.CreateCounter<long>("interactions.connections.closed", "{connection}", "Viewers that went, by transport and reason.");
        _items = meter.CreateCounter<long>("interactions.items", "{item}", "Interactions that were answered, by code and type.");
        _frames = meter.CreateCounter<long>("interactions.frames", "{frame}", "Frames handed to viewers' sinks, by transport.");
        _frameBytes = meter.CreateCounter<long>("interactions.frames.size", "By", "Bytes of frames handed to viewers' sinks, by transport.");
        _catchUps = meter.CreateCounter<long>("interactions.catchups", "{frame}", "Catch-up frames made for viewers, by reason.");
        _snapshots = meter.CreateCounter<long>("interactions.snapshots", "{frame}", "Snapshots made for viewers, by reason.");
        _stretched = meter.CreateCounter<long>("interactions.fanout.stretched", "{tick}", "Ticks after which the pacer waited longer than usual, because fan-out took more than two thirds of the time.");
        _tokensRefused = meter.CreateCounter<long>("interactions.tokens.refused", "{token}", "Tokens that were not accepted, by reason.");
        _fanOut = meter.CreateHistogram("interactions.fanout.duration", "s", "From the closing of a frame until every viewer that keeps up has been handed it.", tags: null, advice: Bounds.Seconds);
        _frameLatency = meter.CreateHistogram("interactions.frame.latency", "s", "From accepting the oldest interaction of a frame until the frame is handed out.", tags: null, advice: Bounds.Seconds);
        _delivery = meter.CreateHistogram("interactions.delivery.latency", "s", "From accepting the oldest interaction of a frame until a viewer has the frame, as viewers report it, by transport.", tags: null, advice: Bounds.Delivery);
        _rooms = meter.CreateGauge<long>("interactions.rooms", "{room}", "Streams that have viewers on this node.");
        _stalled = meter.CreateUpDownCounter<long>("interactions.viewers.stalled", "{viewer}", "Viewers whose connection takes nothing at the moment.");
        Begin();
    }

    public void ConnectionOpened(Transport transport)
    {
        _connections.Add(1, Tag("transport", transport.Name()));
        _opened.Add(1, Tag("transport", transport.Name()));
    }

    /// <param name="reason">See <see cref="CloseReasons"/>.</param>
    public void ConnectionClosed(Transport transport, string reason)
    {
        _connections.Add(-1, Tag("transport", transport.Name()));
        _closed.Add(1, Tag("transport", transport.Name()), Tag("reason", reason));
    }

    /// <param name="type">See <see cref="Api.InteractionTypes.Name"/>.</param>
    public void ItemAnswered(Code code, string type, long count = 1) => _items.Add(count, Tag("code", code.Info().Name), Tag("type", type));

    public void FramesSent(Transport transport, long count, long bytes)
    {
        _frames.Add(count, Tag("transport", transport.Name()));
        _frameBytes.Add(bytes, Tag("transport", transport.Name()));
    }

    /// <param name="reason">One of a few fixed words, such as <c>behind</c>.</param>
    public void CatchUpSent(string reason) => _catchUps.Add(1, Tag("reason", reason));

    /// <param name="reason">One of a few fixed words, such as <c>join</c> or <c>lost</c>.</param>
    public void SnapshotSent(string reason) => _snapshots.Add(1, Tag("reason", reason));

    public void FannedOut(TimeSpan took) => _fanOut.Record(took.TotalSeconds);

    public void TickStretched() => _stretched.Add(1);

    /// <summary>Ages by two machines' clocks may come out negative; they count as none.</summary>
    public void LikeToFrame(TimeSpan age) => _frameLatency.Record(Math.Max(0, age.TotalSeconds));

    /// <summary>One latency that a viewer reports.</summary>
    public void Delivered(Transport transport, double latencyMs) => _delivery.Record(latencyMs / 1000, Tag("transport", transport.Name()));

    /// <param name="reason">One of a few fixed words, such as <c>expired</c>.</param>
    public void TokenRefused(string reason) => _tokensRefused.Add(1, Tag("reason", reason));

    public void ViewersStalled(int change) => _stalled.Add(change);

    /// <summary>How many streams have viewers now.</summary>
    public void RoomsCounted(int rooms) => _rooms.Record(rooms);

    // A series that begins at its first event hides that event from rate().
    private void Begin()
    {
        foreach (var transport in TransportNames.All)
        {
            var tag = Tag("transport", transport.Name());
            _connections.Add(0, tag);
            _opened.Add(0, tag);
            _frames.Add(0, tag);
            _frameBytes.Add(0, tag);
            foreach (var reason in CloseReasons.All) _closed.Add(0, tag, Tag("reason", reason));
        }

        _stretched.Add(0);
        _stalled.Add(0);
        _rooms.Record(0);
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
