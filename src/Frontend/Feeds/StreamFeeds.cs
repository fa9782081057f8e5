using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;
using Interactions.Contracts.Timing;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// The streams that this frontend subscribes to. Subscribes at a stream's first use, and leaves it some time after the last. Safe
/// for concurrent callers.
/// </summary>
internal sealed partial class StreamFeeds : ILeaseUser, IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, StreamFeed> _feeds = new(StringComparer.Ordinal);

    /// <summary>Streams that are being left, until they have answered.</summary>
    private readonly Dictionary<string, Task> _leaving = new(StringComparer.Ordinal);

    /// <summary>Streams that were changed by this frontend a moment ago, and when: their feeds may not show it yet.</summary>
    private readonly Dictionary<string, long> _changed = new(StringComparer.Ordinal);

    private readonly FeedContext _context;
    private readonly FeedObserver _observer;
    private readonly StreamInfos _infos;
    private readonly Leases _leases;
    private readonly ITimer _timer;
    private int _isDisposed;

    public StreamFeeds(
        IGrains grains, FrontendId frontend, Outboxes outboxes, FeedOptions options, DeadlineQueue deadlines, TimeProvider time, FeedMetrics metrics, ILogger<StreamFeeds> logger)
    {
        // Kept here, for grains hold observers weakly.
        _observer = new FeedObserver(this);
        _context = new(grains, frontend, new(() => grains.Reference(_observer), LazyThreadSafetyMode.PublicationOnly), outboxes, new SubscriptionPacer(time), options, deadlines, time, metrics, logger) { SiloKnown = silo => _leases!.Know(silo) };
        _infos = new StreamInfos(grains, options, time);
        _leases = new Leases(grains, frontend, _context.Observer, this, time, metrics, logger);
        outboxes.StreamGone += Gone;
        _timer = time.CreateTimer(static feeds => ((StreamFeeds)feeds!).Look(), this, LookEvery, LookEvery);
    }

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _feeds.Count;
        }
    }

    /// <summary>
    /// The stream's feed; null: there is no such stream. What it shows is as new as the subscription; while that is under way it is
    /// waited for, if need be as long as a second, or until something is known of the stream at all.
    /// </summary>
    /// <exception cref="LogUnavailableException">The stream did not answer in time.</exception>
    /// <exception cref="LogDamagedException">What is stored of it is not what was written.</exception>
    /// <exception cref="InvalidOperationException">It can't be folded.</exception>
    public async Task<StreamFeed?> OpenAsync(string id, CancellationToken cancellationToken = default)
    {
        for (var tries = 0; tries < 10; tries++)
        {
            var feed = Find(id) ?? Add(id);
            await feed.ReadyAsync(cancellationToken);
            switch (feed.EndReason)
            {
                case null:
                    return feed;
                case FeedEndReason.Deleted when feed.Creation == 0:
                    return null;
                case FeedEndReason.Damaged:
                    throw StreamInfos.Failure(Contracts.Code.Damaged);
                case FeedEndReason.Broken:
                    throw StreamInfos.Failure(Contracts.Code.Internal);
            }

            // This feed is over, but the stream may be there, or be there again.
        }

        throw StreamInfos.Failure(Contracts.Code.Unavailable);
    }

    /// <summary>What has to be known of a stream before something is sent to it; at most about 1 s old. Null: there is no such stream.</summary>
    /// <exception cref="LogUnavailableException">The stream did not answer in time.</exception>
    /// <exception cref="LogDamagedException">What is stored of it is not what was written.</exception>
    /// <exception cref="InvalidOperationException">It can't be folded.</exception>
    public Task<StreamInfo?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_feeds.TryGetValue(id, out var feed) && feed is { IsCurrent: true, Info: var info } && !_changed.ContainsKey(id)) return Task.FromResult<StreamInfo?>(info);
        }

        return _infos.FindAsync(id, cancellationToken);
    }

    /// <summary>Whether the user may be banned from the stream now, as far as this frontend can tell.</summary>
    /// <param name="info">Of the stream, as it was just found.</param>
    public bool MayBeBanned(StreamInfo info, string user)
    {
        if (!info.AnyBans) return false;
        StreamFeed? feed;
        lock (_lock)
        {
            if (!_feeds.TryGetValue(info.Id, out feed) || !feed.IsCurrent || _changed.ContainsKey(info.Id)) return true;
        }

        return feed.Read((view, _) => view.BanRowOf(user) is not null);
    }

    /// <summary>For what feeds don't answer.</summary>
    public IStreamGrain Grain(string id) => _context.Grains.Stream(id);

    /// <summary>The stream was changed: what was remembered for <see cref="FindAsync"/> is asked anew.</summary>
    public void Forget(string id)
    {
        _infos.Forget(id);
        lock (_lock) _changed[id] = _context.Deadlines.NowMs;
    }

    /// <summary>Says goodbye to all silos, which then leave off pushing and count none of this frontend's viewers.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 1) return;
        await _timer.DisposeAsync();
        _context.Outboxes.StreamGone -= Gone;
        await _leases.DisposeAsync();
    }

    /// <summary>A stream pushed an entry.</summary>
    internal void Pushed(FeedPush push)
    {
        if (Find(push.Stream) is { } feed)
        {
            _context.Metrics.Pushed(feed.Offer(push));
            return;
        }

        // It did not hear that this frontend left.
        Leave(push.Stream);
    }

    internal void Marked(PushMark mark) => _leases.Marked(mark);

    /// <summary>A stream stops pushing.</summary>
    internal void Ended(FeedEnd end)
    {
        if (Find(end.Stream) is not { } feed || (feed.Creation != end.Creation && feed.Creation != 0)) return;
        if (end.Reason == FeedEndReason.Moved || feed.Creation == 0) feed.Ask(SubscribeReason.Moved);
        else feed.End(end.Reason);
    }

    void ILeaseUser.Hear(FeedHead head) => Find(head.Stream)?.Hear(head.Head);

    void ILeaseUser.Lost(string silo)
    {
        StreamFeed[] lost;
        lock (_lock) lost = [.. _feeds.Values.Where(feed => feed.Silo == silo)];
        _context.Outboxes.OpenCalls.GiveUp();

        // Those with viewers come first by themselves, but not before the calls that are under way already.
        foreach (var feed in lost.OrderByDescending(static feed => feed.HasViewers)) feed.Ask(SubscribeReason.Lost);
    }

    private StreamFeed? Find(string id)
    {
        lock (_lock) return _feeds.GetValueOrDefault(id);
    }

    private StreamFeed Add(string id)
    {
        StreamFeed feed;
        lock (_lock)
        {
            if (_feeds.TryGetValue(id, out var known)) return known;
            _feeds[id] = feed = new StreamFeed(id, _context, _leaving.GetValueOrDefault(id, Task.CompletedTask), Remove);
        }

        _context.Metrics.FeedsChanged(+1);
        return feed;
    }

    private void Remove(StreamFeed feed)
    {
        lock (_lock)
        {
            if (!_feeds.TryGetValue(feed.Id, out var current) || current != feed) return;
            _feeds.Remove(feed.Id);
        }

        _context.Metrics.FeedsChanged(-1);
    }

    private void Leave(string id)
    {
        TaskCompletionSource left;
        lock (_lock)
        {
            if (_leaving.ContainsKey(id) || _feeds.ContainsKey(id)) return;
            left = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _leaving[id] = left.Task;
        }

        _ = LeaveAsync(id, left);
    }

    private async Task LeaveAsync(string id, TaskCompletionSource left)
    {
        try
        {
            await _context.Grains.Stream(id).UnsubscribeAsync(_context.Frontend.Value);
        }
        catch (Exception away)
        {
            // Should it go on pushing, it is left again.
            LogNotLeft(_context.Logger, away, id);
        }

        lock (_lock) _leaving.Remove(id);
        left.SetResult();
    }

    private void Gone(string id)
    {
        Forget(id);
        Find(id)?.Ask(SubscribeReason.Lost);
    }

    private void Look()
    {
        var nowMs = _context.Deadlines.NowMs;
        StreamFeed[] all;
        lock (_lock)
        {
            all = [.. _feeds.Values];
            foreach (var (id, atMs) in _changed)
            {
                if (nowMs - atMs >= LookEvery.TotalMilliseconds) _changed.Remove(id);
            }
        }

        foreach (var feed in all)
        {
            feed.TrimIfQuiet();
            if (!feed.IsIdle(nowMs)) continue;
            var isKnown = feed.Silo.Length > 0;
            feed.End(FeedEndReason.Moved);
            if (isKnown) Leave(feed.Id);
        }

        _infos.Prune();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Stream} may not know that nobody watches it here any more")]
    private static partial void LogNotLeft(ILogger logger, Exception exception, string stream);
}
