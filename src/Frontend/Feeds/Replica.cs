using System.Diagnostics;
using Interactions.Contracts;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Telemetry;
using Interactions.Contracts.Timing;
using Interactions.Contracts.Views;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// A copy of a stream's view and ring, which stand at the same position. Safe for concurrent callers: whoever reads holds up nobody
/// who brings entries. What arrives while somebody reads is applied by the reader when it is done.
/// </summary>
/// <param name="changed">Told what was applied. Called on any thread, outside of all locks.</param>
internal sealed class Replica(string stream, FeedOptions options, DeadlineQueue deadlines, Action<ReplicaChange> changed)
{
    /// <summary>Of entries that came early.</summary>
    private const int MostHeldBytes = 1 << 20;

    /// <summary>Guards what is to be applied and in which order; held briefly.</summary>
    private readonly Lock _orderLock = new();

    /// <summary>Guards view and ring; held while somebody reads.</summary>
    private readonly Lock _viewLock = new();

    private readonly FeedOrder _order = new(MostHeldBytes);
    private List<FeedStep> _ready = [];
    private List<FeedStep> _spare = [];
    private (StreamView View, EffectRing Ring)? _next;
    private volatile bool _waits;
    private StreamView _view = new(stream);
    private EffectRing _ring = new(options.Resume, options.RingBytes);
    private ulong _creation;
    private volatile StreamInfo? _info;
    private volatile string? _trace;
    private volatile int _viewers;
    private volatile bool _hasRoster;

    /// <summary>When something was applied last; the end of time: the ring was emptied since.</summary>
    private long _movedMs = deadlines.NowMs;

    /// <summary>What decides who may do what; null as long as nothing is known.</summary>
    public StreamInfo? Info => _info;

    public int Viewers => _viewers;

    public bool HasRoster => _hasRoster;

    /// <summary>Up to where entries have come; the view may be on the way there.</summary>
    public Position Position
    {
        get
        {
            lock (_orderLock) return _order.Position;
        }
    }

    public bool HasHole
    {
        get
        {
            lock (_orderLock) return _order.HasHole;
        }
    }

    /// <summary>Whether an entry is missing here that stands at this position, or before it.</summary>
    public bool IsBehind(Position head)
    {
        lock (_orderLock) return !_order.IsPassed(head);
    }

    public T Read<T>(Func<StreamView, EffectRing, T> read)
    {
        T answer;
        lock (_viewLock) answer = read(_view, _ring);
        Apply();
        return answer;
    }

    /// <summary>Empties the ring if nothing has come for as long as a viewer may be away: entries fall out by themselves only when others follow.</summary>
    public void TrimIfQuiet()
    {
        if (!IsQuiet()) return;
        Read((_, ring) =>
        {
            if (!IsQuiet()) return false;
            ring.Clear(ring.Head);
            Volatile.Write(ref _movedMs, long.MaxValue);
            return true;
        });
    }

    public ActivityContext TakeTrace() => _trace is null ? default : Tracing.Parse(Interlocked.Exchange(ref _trace, null));

    public FeedVerdict Offer(in FeedStep step)
    {
        FeedVerdict verdict;
        lock (_orderLock)
        {
            verdict = _order.Offer(step, _ready);
            if (verdict == FeedVerdict.Taken) _waits = true;
        }

        if (verdict == FeedVerdict.Taken) Apply();
        return verdict;
    }

    /// <summary>Takes what the stream's grain answered to a subscription.</summary>
    /// <returns>False when it does not go together with what is here: ask for everything.</returns>
    public bool Take(ulong creation, FeedContent content, ShownTime shown)
    {
        var isTaken = content.View is null ? Continue(content, shown) : Restart(creation, content.View, content, shown);
        ApplyNow();
        return isTaken;
    }

    private bool IsQuiet() => deadlines.NowMs - Volatile.Read(ref _movedMs) >= options.Resume.TotalMilliseconds;

    private bool Continue(FeedContent content, ShownTime shown)
    {
        lock (_orderLock)
        {
            if (!_order.IsStarted || !_order.IsPassed(content.Start)) return false;
            foreach (var entry in content.Entries) _order.Offer(new(entry, shown), _ready);
            _waits |= _ready.Count > 0;
            return _order.IsPassed(content.Head);
        }
    }

    private bool Restart(ulong creation, EntryEffects described, FeedContent content, ShownTime shown)
    {
        var view = new StreamView(stream) { Shown = shown };
        view.Apply(described);
        var ring = new EffectRing(options.Resume, options.RingBytes);
        ring.Clear(content.Start);
        foreach (var entry in content.Entries) ring.Add(entry);
        if (ring.Head != view.Position) ring.Clear(view.Position);
        lock (_orderLock)
        {
            // Of an activation that was overtaken, or pushes were faster.
            if (_order.IsStarted && _order.IsPassed(view.Position)) return view.Position.Epoch == _order.Position.Epoch;
            _ready.Clear();
            _next = (view, ring);
            _creation = creation;
            _order.Restart(view.Position, _ready);
            _waits = true;
            return true;
        }
    }

    // Whoever finds the view taken leaves: the one who has it looks again after letting go of it.
    private void Apply()
    {
        while (_waits && _viewLock.TryEnter()) ApplyAndExit();
    }

    // When this returns, what came before is there to be read.
    private void ApplyNow()
    {
        _viewLock.Enter();
        ApplyAndExit();
        Apply();
    }

    private void ApplyAndExit()
    {
        ReplicaChange change = default;
        try
        {
            while (TryTake(out var restart, out var steps)) Apply(restart, steps, ref change);
        }
        finally
        {
            _viewLock.Exit();
        }

        // Before it is looked whether more has come, the lock has to be seen as free.
        Interlocked.MemoryBarrier();
        if (change.Moved) changed(change);
    }

    // Under the view's lock: one at a time.
    private bool TryTake(out (StreamView View, EffectRing Ring)? restart, out List<FeedStep> steps)
    {
        lock (_orderLock)
        {
            _waits = false;
            (restart, _next) = (_next, null);
            steps = _ready;
            if (restart is null && steps.Count == 0) return false;
            _ready = _spare;
            return true;
        }
    }

    private void Apply((StreamView View, EffectRing Ring)? restart, List<FeedStep> steps, ref ReplicaChange change)
    {
        change.Moved = true;
        Volatile.Write(ref _movedMs, deadlines.NowMs);
        if (restart is { } next)
        {
            (_view, _ring) = next;
            change.Presence = true;
        }

        var isNew = restart is not null;
        foreach (var step in steps) isNew |= Apply(step, ref change);
        if (isNew) _info = new(stream, _creation, _view.Owner, _view.Status, _view.Settings.Tap, _view.AnyBans);
        if (change.Presence) (_viewers, _hasRoster) = (_view.Viewers, _view.Roster is not null);
        steps.Clear();
        _spare = steps;
    }

    /// <returns>Whether it changed what <see cref="Info"/> says.</returns>
    private bool Apply(in FeedStep step, ref ReplicaChange change)
    {
        _view.Shown = step.Shown;
        _view.Apply(step.Entry);
        _ring.Add(step.Entry);
        if (step.Trace is not null) _trace = step.Trace;
        var isNew = false;
        foreach (var effect in step.Entry.Effects)
        {
            switch (effect)
            {
                case SettingsChanged or LifecycleChanged or BanChanged:
                    isNew = true;
                    break;
                case OccupancyChanged or RosterOpened or RosterClosed:
                    change.Presence = true;
                    break;
                case MemberLeft left:
                    (change.Left ??= []).Add(left.User);
                    break;
            }
        }

        return isNew;
    }
}
