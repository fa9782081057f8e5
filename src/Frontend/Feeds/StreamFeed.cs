using System.Diagnostics;
using Interactions.Contracts;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;
using Interactions.Contracts.Views;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// A stream that this frontend subscribes to: a copy of what viewers may see, kept at the head by what the stream's grain pushes.
/// Safe for concurrent callers.
/// </summary>
internal sealed class StreamFeed
{
    /// <summary>How old a view may be that somebody new is shown.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly FeedContext _context;
    private readonly Action<StreamFeed> _ended;
    private readonly Replica _replica;
    private readonly Subscription _subscription;
    private readonly AttendanceTeller _attendance;
    private readonly FeedCheck _check;
    private IFeedListener? _listener;
    private FeedEndReason? _end;
    private long _usedMs;
    private long _creation;

    /// <param name="left">When an earlier feed of the stream has left it.</param>
    /// <param name="ended">Told once, when nothing follows.</param>
    public StreamFeed(string id, FeedContext context, Task left, Action<StreamFeed> ended)
    {
        (Id, _context, _ended, _usedMs) = (id, context, ended, context.Deadlines.NowMs);
        _replica = new(id, context.Options, context.Deadlines, Applied);
        _attendance = new(this, context);
        _subscription = new(this, left, context);
        _check = new(this, context.Deadlines);
    }

    public string Id { get; }

    /// <summary>Names the creation, for an id may be used again after a deletion; 0 as long as nothing is known.</summary>
    public ulong Creation => (ulong)Interlocked.Read(ref _creation);

    /// <summary>Whether the stream has answered once.</summary>
    public bool IsKnown => _replica.Info is not null;

    /// <summary>What decides who may do what, as the view shows it.</summary>
    /// <exception cref="InvalidOperationException">The stream is not known yet.</exception>
    public StreamInfo Info => _replica.Info ?? throw new InvalidOperationException($"Nothing is known of {Id} yet.");

    /// <summary>Where the view stands.</summary>
    public Position Head => Read(static (view, _) => view.Position);

    /// <summary>True once nothing follows; open the stream anew.</summary>
    public bool IsEnded => EndReason is not null;

    /// <summary>Why nothing follows; null = it goes on.</summary>
    public FeedEndReason? EndReason
    {
        get
        {
            lock (_lock) return _end;
        }
    }

    public bool HasViewers => _attendance.Count > 0;

    /// <summary>How many viewers the stream counts in all.</summary>
    public int Viewers => _replica.Viewers;

    /// <summary>Whether the stream says who is there.</summary>
    public bool HasRoster => _replica.HasRoster;

    /// <summary>Whether the stream pushes, as far as is known: the view is as new as it can be.</summary>
    public bool IsCurrent => !_subscription.IsLost && !IsEnded;

    /// <summary>The silo that has the stream, as far as is known; empty = none.</summary>
    public string Silo => _subscription.Silo;

    /// <summary>Up to where entries have come; the view may be on the way there.</summary>
    public Position Position => _replica.Position;

    /// <summary>Reads view and ring, which stand at the same position. Keep it short: others who read wait.</summary>
    public T Read<T>(Func<StreamView, EffectRing, T> read) => _replica.Read(read);

    /// <summary>The one who is told when the feed moves or ends; null to stop. A feed that has ended says so at once.</summary>
    public void Observe(IFeedListener? listener)
    {
        FeedEndReason? end;
        lock (_lock)
        {
            (_listener, end) = (listener, _end);
            _usedMs = _context.Deadlines.NowMs;
        }

        if (end is { } reason) listener?.Ended(reason);
    }

    /// <summary>A viewer connected; <paramref name="user"/> is null for anonymous ones.</summary>
    public void Join(string? user, string? name) => _attendance.Join(user, name);

    /// <summary>A viewer who joined without a name is this user.</summary>
    public void SignIn(string user, string? name) => _attendance.SignIn(user, name);

    public void Leave(string? user) => _attendance.Leave(user);

    /// <summary>Where the trace stands of the newest entry that is traced; a second call answers none. For the frame that shows it.</summary>
    public ActivityContext TakeTrace() => _replica.TakeTrace();

    /// <summary>Completes when there is something to read, or the feed has ended; begins the first subscription, and waits for one that is under way.</summary>
    /// <exception cref="LogUnavailableException">The stream did not answer in time.</exception>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        Touch();

        // Whoever comes first asks; that another has only just opened the feed does not mean that it is known.
        if (!IsKnown && !IsEnded && _subscription.Settled.IsCompleted) _subscription.Ask(SubscribeReason.First);
        var settled = _subscription.Settled;
        if (settled.IsCompleted) return;
        var hasView = _replica.Info is not null;
        var limit = _context.Options.AnswerWithin;
        try
        {
            await settled.WaitAsync(hasView && Stale < limit ? Stale : limit, _context.Time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            if (!hasView) throw new LogUnavailableException("The stream did not answer in time.", late);
        }
    }

    /// <summary>Somebody uses it: it stays a while.</summary>
    public void Touch() => Volatile.Write(ref _usedMs, _context.Deadlines.NowMs);

    /// <summary>Nobody has used it for some time, or looks at it now.</summary>
    public bool IsIdle(long nowMs)
    {
        if (nowMs - Volatile.Read(ref _usedMs) < _context.Options.IdleClose.TotalMilliseconds) return false;
        lock (_lock)
        {
            if (_listener is not null) return false;
        }

        return _attendance.IsSettled;
    }

    /// <summary>Frees what nobody may resume over any more.</summary>
    public void TrimIfQuiet() => _replica.TrimIfQuiet();

    /// <summary>The stream's grain pushed an entry.</summary>
    public FeedVerdict Offer(FeedPush push)
    {
        var verdict = _replica.Offer(new(push.Effects, push.Shown, push.Trace));
        if (verdict == FeedVerdict.Held) _check.Plan();
        else if (verdict == FeedVerdict.OtherLife) Ask(SubscribeReason.OtherLife);
        else if (verdict == FeedVerdict.Overflow) Ask(SubscribeReason.Overflow);
        return verdict;
    }

    /// <summary>The stream's silo says that the stream is there.</summary>
    public void Hear(Position head)
    {
        if (_replica.IsBehind(head)) _check.Plan(head);
    }

    /// <summary>Begins to subscribe, or does so again.</summary>
    public void Ask(SubscribeReason reason) => _subscription.Ask(reason);

    /// <summary>Nothing follows. Only the first reason counts.</summary>
    public void End(FeedEndReason reason)
    {
        IFeedListener? listener;
        lock (_lock)
        {
            if (_end is not null) return;
            (_end, listener, _listener) = (reason, _listener, null);
        }

        _ended(this);
        listener?.Ended(reason);
    }

    /// <summary>What was to have come by now, and did not, is asked for.</summary>
    /// <param name="from">Where the feed was when the look was planned.</param>
    /// <param name="head">Where it is to be.</param>
    internal void Check(Position from, Position head)
    {
        if (_replica.IsBehind(head)) Ask(SubscribeReason.Behind);
        else if (!_replica.HasHole) return;
        else if (_replica.Position == from) Ask(SubscribeReason.Hole);
        else _check.Plan(); // another hole, as young as this one was
    }

    /// <summary>A call that subscribed came back. Holes that are left are looked at again.</summary>
    internal void Subscribed()
    {
        if (_replica.HasHole) _check.Plan();
    }

    internal void Reannounce() => _attendance.Reannounce();

    /// <returns>False when the answer does not go together with what is here.</returns>
    internal bool Take(SubscribeAnswer answer, FeedContent content)
    {
        var known = Interlocked.CompareExchange(ref _creation, (long)answer.Creation, 0);
        if (known != 0 && (ulong)known != answer.Creation)
        {
            // Deleted, and created anew: that is another stream.
            End(FeedEndReason.Deleted);
            return false;
        }

        return _replica.Take(answer.Creation, content, answer.Shown);
    }

    private void Applied(ReplicaChange change)
    {
        IFeedListener? listener;
        lock (_lock) listener = _listener;
        listener?.Moved();
        if (change.Presence || change.Left is not null) _attendance.Moved(change.Left);
    }
}
