using System.Diagnostics.Metrics;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Telemetry;

/// <summary>
/// What a node counts between a sender and the fold. No stream or user is ever a tag. Safe for concurrent callers;
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
    private readonly Histogram<long> _batchItems;
    private readonly Histogram<long> _batchBytes;
    private readonly Counter<long> _entries;
    private readonly Histogram<double> _foldDelay;
    private readonly Counter<long> _late;
    private readonly Counter<long> _snapshots;
    private readonly Counter<long> _refolds;
    private readonly Counter<long> _putBack;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _clockJumps;

    public SiloMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        _appends = _meter.CreateHistogram("interactions.log.append.duration", "s", "Asking the log to take a batch until it answered, by outcome; each try counts.", tags: null, advice: Seconds);
        _batchItems = _meter.CreateHistogram("interactions.batch.items", "{item}", "Items in a batch given to the log; taps of one kind are one item.", tags: null, advice: Items);
        _batchBytes = _meter.CreateHistogram("interactions.batch.size", "By", "Bytes of a batch given to the log.", tags: null, advice: Sizes);
        _entries = _meter.CreateCounter<long>("interactions.fold.entries", "{entry}", "Entries folded, by whether this node appended them (own) or not (other).");
        _foldDelay = _meter.CreateHistogram("interactions.fold.delay", "s", "From an entry's log time until it is folded here.", tags: null, advice: Seconds);
        _late = _meter.CreateCounter<long>("interactions.answers.late", "{batch}", "Batches whose senders were told unavailable, because the log did not answer in time.");
        _snapshots = _meter.CreateCounter<long>("interactions.log.snapshots", "{snapshot}", "Folds stored as snapshots, by outcome.");
        _refolds = _meter.CreateCounter<long>("interactions.fold.restarts", "{restart}", "Streams whose log could not be read on and that were folded anew, by reason.");
        _putBack = _meter.CreateCounter<long>("interactions.log.put.back", "{entry}", "Entries that the store had lost and that this node put back.");
        _lost = _meter.CreateCounter<long>("interactions.log.lost", "{entry}", "Entries that the store had lost and that no node held any more, as far as this node went on after them.");
        _clockJumps = _meter.CreateCounter<long>("interactions.clock.jumps", "{jump}", "Times that a clock moved by more than a minute against real time, by whose it is (own, store).");
        foreach (var clock in (string[])["own", "store"]) _clockJumps.Add(0, Tag("clock", clock));
        foreach (var producer in (string[])["own", "other"]) _entries.Add(0, Tag("producer", producer));
        foreach (var outcome in (string[])["stored", "failed"]) _snapshots.Add(0, Tag("outcome", outcome));
        foreach (var status in (ReadStatus[])[ReadStatus.OtherEpoch, ReadStatus.Trimmed]) _refolds.Add(0, Tag("reason", Reason(status)));
        _late.Add(0);
        _putBack.Add(0);
        _lost.Add(0);
    }

    /// <param name="openStreams">Asked at each scrape.</param>
    /// <param name="logTimeAhead">By how much the log time of any open stream is ahead of this node's clock; asked at each scrape.</param>
    public void Observe(Func<int> openStreams, Func<TimeSpan> logTimeAhead)
    {
        _meter.CreateObservableUpDownCounter("interactions.streams.open", () => (long)openStreams(), "{stream}", "Streams that this node has open.");
        _meter.CreateObservableGauge("interactions.log.time.ahead", () => logTimeAhead().TotalSeconds, "s", "How far the newest log time of any open stream is ahead of this node's clock; 0 when none is.");
    }

    /// <param name="outcome">One of a few fixed words: <c>taken</c>, <c>repeated</c>, <c>refused</c>, <c>full</c>, <c>unavailable</c>, <c>failed</c>.</param>
    public void AppendEnded(string outcome, TimeSpan took) => _appends.Record(took.TotalSeconds, Tag("outcome", outcome));

    public void BatchClosed(int items, int bytes)
    {
        _batchItems.Record(items);
        _batchBytes.Record(bytes);
    }

    public void Folded(bool own, TimeSpan delay)
    {
        _entries.Add(1, Tag("producer", own ? "own" : "other"));
        _foldDelay.Record(Math.Max(0, delay.TotalSeconds));
    }

    public void AnsweredLate(int batches) => _late.Add(batches);

    public void SnapshotStored(bool stored) => _snapshots.Add(1, Tag("outcome", stored ? "stored" : "failed"));

    public void PutBack(int entries) => _putBack.Add(entries);

    public void Lost(long entries) => _lost.Add(entries);

    public void ClockJumped(bool store) => _clockJumps.Add(1, Tag("clock", store ? "store" : "own"));

    public void FoldRestarted(ReadStatus status) => _refolds.Add(1, Tag("reason", Reason(status)));

    private static string Reason(ReadStatus status) => status == ReadStatus.Trimmed ? "trimmed" : "other_epoch";

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
