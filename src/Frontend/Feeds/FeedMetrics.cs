using System.Diagnostics.Metrics;
using Interactions.Frontend.Telemetry;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// What a frontend counts between its viewers and the streams' grains. No stream or user is ever a tag. Safe for concurrent callers;
/// nothing here waits.
/// </summary>
internal sealed class FeedMetrics
{
    public const string MeterName = "Interactions.Frontend.Feeds";

    private static readonly InstrumentAdvice<long> Items = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 4096] };

    private readonly UpDownCounter<long> _feeds;
    private readonly Counter<long> _pushes;
    private readonly Counter<long> _subscriptions;
    private readonly Counter<long> _leasesLost;
    private readonly Histogram<long> _batchItems;
    private readonly Histogram<double> _batchDuration;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _late;

    public FeedMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _feeds = meter.CreateUpDownCounter<long>("interactions.feeds", "{stream}", "Streams that this frontend subscribes to.");
        _pushes = meter.CreateCounter<long>("interactions.feeds.pushes", "{entry}", "Entries that streams pushed, by outcome: taken in order, passed (there already), held (early), other_life, overflow.");
        _subscriptions = meter.CreateCounter<long>("interactions.feeds.subscriptions", "{call}", "Calls that subscribe to a stream or ask for what is missing, by reason; each try counts.");
        _leasesLost = meter.CreateCounter<long>("interactions.feeds.leases.lost", "{lease}", "Silos that did not answer in time, left or stop, so that their streams were subscribed to again.");
        _batchItems = meter.CreateHistogram("interactions.outbox.batch.items", "{item}", "Items in a batch sent to a stream; taps of one kind are one item.", tags: null, advice: Items);
        _batchDuration = meter.CreateHistogram("interactions.outbox.batch.duration", "s", "From sending a batch until its answer, with all tries, by code.", tags: null, advice: Bounds.Seconds);
        _retries = meter.CreateCounter<long>("interactions.outbox.retries", "{try}", "Batches sent again because the stream did not answer.");
        _late = meter.CreateCounter<long>("interactions.answers.late", "{batch}", "Batches whose senders were told unavailable, because the stream did not answer in time.");
        Begin();
    }

    public void FeedsChanged(int change) => _feeds.Add(change);

    public void Pushed(FeedVerdict verdict) => _pushes.Add(1, Tag("outcome", Name(verdict)));

    public void Subscribing(SubscribeReason reason) => _subscriptions.Add(1, Tag("reason", Name(reason)));

    public void LeaseLost() => _leasesLost.Add(1);

    public void BatchSent(int items) => _batchItems.Record(items);

    /// <param name="outcome">A code's name.</param>
    public void BatchAnswered(string outcome, TimeSpan took) => _batchDuration.Record(took.TotalSeconds, Tag("code", outcome));

    public void BatchRetried() => _retries.Add(1);

    public void AnsweredLate(int batches) => _late.Add(batches);

    // A series that begins at its first event hides that event from rate().
    private void Begin()
    {
        _feeds.Add(0);
        foreach (var verdict in Enum.GetValues<FeedVerdict>()) _pushes.Add(0, Tag("outcome", Name(verdict)));
        foreach (var reason in Enum.GetValues<SubscribeReason>()) _subscriptions.Add(0, Tag("reason", Name(reason)));
        _leasesLost.Add(0);
        _retries.Add(0);
        _late.Add(0);
    }

    private static string Name(FeedVerdict verdict) => verdict switch
    {
        FeedVerdict.Taken => "taken",
        FeedVerdict.Passed => "passed",
        FeedVerdict.Held => "held",
        FeedVerdict.OtherLife => "other_life",
        _ => "overflow",
    };

    private static string Name(SubscribeReason reason) => reason switch
    {
        SubscribeReason.First => "first",
        SubscribeReason.Hole => "hole",
        SubscribeReason.Behind => "behind",
        SubscribeReason.OtherLife => "other_life",
        SubscribeReason.Overflow => "overflow",
        SubscribeReason.Moved => "moved",
        _ => "lost",
    };

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
