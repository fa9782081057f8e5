using System.Diagnostics.Metrics;

namespace Interactions.Silo.Telemetry;

/// <summary>
/// What a silo counts. No stream or user is ever a tag. Safe for concurrent callers;
/// nothing here allocates or waits.
/// </summary>
public sealed class SiloMetrics
{
    public const string MeterName = "Interactions.Silo";

    // Group commit on a disk takes 0.1 to 10 ms; a log that does not answer, 2 s and more.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private static readonly InstrumentAdvice<long> Items = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 4096] };

    private static readonly InstrumentAdvice<long> Sizes = new()
    {
        HistogramBucketBoundaries = [64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20],
    };

    private readonly Meter _meter;
    private readonly Histogram<double> _appends;
    private readonly Histogram<long> _batches;
    private readonly Histogram<long> _items;
    private readonly Histogram<long> _bytes;
    private readonly Counter<long> _entries;
    private readonly Histogram<double> _foldDelay;
    private readonly Counter<long> _snapshots;
    private readonly Histogram<double> _activations;
    private readonly Counter<long> _fenced;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _putBack;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _clockJumps;

    public SiloMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        _appends = _meter.CreateHistogram("interactions.log.append.duration", "s", "Asking the log to take a batch until it answered, by outcome; each try counts.", tags: null, advice: Seconds);
        _batches = _meter.CreateHistogram("interactions.entry.batches", "{batch}", "Frontends' batches in an entry.", tags: null, advice: Items);
        _items = _meter.CreateHistogram("interactions.entry.items", "{item}", "Items in an entry; a frontend's taps of one kind are one item.", tags: null, advice: Items);
        _bytes = _meter.CreateHistogram("interactions.entry.size", "By", "Bytes of an entry.", tags: null, advice: Sizes);
        _entries = _meter.CreateCounter<long>("interactions.fold.entries", "{entry}", "Entries appended and folded.");
        _foldDelay = _meter.CreateHistogram("interactions.fold.delay", "s", "From an entry's log time until it is folded here.", tags: null, advice: Seconds);
        _snapshots = _meter.CreateCounter<long>("interactions.log.snapshots", "{snapshot}", "Folds stored as snapshots, by outcome.");
        _activations = _meter.CreateHistogram("interactions.streams.activation.duration", "s", "Reading a stream's snapshot and the entries behind it, until it serves.", tags: null, advice: Seconds);
        _fenced = _meter.CreateCounter<long>("interactions.streams.fenced", "{activation}", "Activations that were given up because another one had written.");
        _dropped = _meter.CreateCounter<long>("interactions.subscribers.dropped", "{subscription}", "Subscriptions of frontends that did not call for 3 s, or had 8 MB of pushes waiting; they subscribe again.");
        _putBack = _meter.CreateCounter<long>("interactions.log.put.back", "{entry}", "Entries that the store had lost and that this silo put back.");
        _lost = _meter.CreateCounter<long>("interactions.log.lost", "{entry}", "Entries that the store had lost and that no silo held any more.");
        _clockJumps = _meter.CreateCounter<long>("interactions.clock.jumps", "{jump}", "Times that the clock moved by more than a minute against real time.");
        _clockJumps.Add(0);
        _entries.Add(0);
        foreach (var outcome in (string[])["stored", "failed"]) _snapshots.Add(0, Tag("outcome", outcome));
        _fenced.Add(0);
        _dropped.Add(0);
        _putBack.Add(0);
        _lost.Add(0);
    }

    /// <param name="activeStreams">Asked at each scrape.</param>
    /// <param name="logTimeAhead">By how much the log time of any active stream is ahead of this silo's clock; asked at each scrape.</param>
    public void Observe(Func<int> activeStreams, Func<TimeSpan> logTimeAhead)
    {
        _meter.CreateObservableUpDownCounter("interactions.streams.active", () => (long)activeStreams(), "{stream}", "Streams that are active on this silo.");
        _meter.CreateObservableGauge("interactions.log.time.ahead", () => logTimeAhead().TotalSeconds, "s", "How far the newest log time of any active stream is ahead of this silo's clock; 0 when none is.");
    }

    /// <param name="outcome">One of a few fixed words: <c>taken</c>, <c>restarted</c>, <c>refused</c>, <c>full</c>, <c>unavailable</c>, <c>failed</c>.</param>
    public void AppendEnded(string outcome, TimeSpan took) => _appends.Record(took.TotalSeconds, Tag("outcome", outcome));

    public void EntryMade(int batches, int items, int bytes)
    {
        _batches.Record(batches);
        _items.Record(items);
        _bytes.Record(bytes);
    }

    public void Folded(TimeSpan delay)
    {
        _entries.Add(1);
        _foldDelay.Record(delay.TotalSeconds);
    }

    public void Activated(TimeSpan took) => _activations.Record(took.TotalSeconds);

    public void Fenced() => _fenced.Add(1);

    public void SubscribersDropped(int count)
    {
        if (count > 0) _dropped.Add(count);
    }

    public void SnapshotStored(bool stored) => _snapshots.Add(1, Tag("outcome", stored ? "stored" : "failed"));

    public void Restored(long entries) => _putBack.Add(entries);

    public void Lost(long entries) => _lost.Add(entries);

    public void ClockJumped() => _clockJumps.Add(1);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
