using Interactions.Contracts;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Timing;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Fanout;

/// <summary>
/// The viewers of one stream on this node, and the pacer that closes their frames: at once when the stream was quiet,
/// else every 15 ms while fan-out takes less than 5 ms, and 25 ms or more so that fan-out takes at most two thirds of the time. Safe for concurrent callers.
/// </summary>
/// <remarks>
/// A cursor in here stands where the last frame ended, or is listed as behind, or can't be sent to now and is listed
/// when it can; one that is paced is listed wherever it stands. So a tick looks only at those whom it has something for.
/// </remarks>
internal sealed partial class Room : IFeedListener, IDue, IFanoutWork
{
    private const int ShortestTickMs = 25;

    /// <summary>While a tick takes less than <see cref="LightMs"/>.</summary>
    private const int LightTickMs = 15;

    private const int LightMs = 5;

    /// <summary>Lists that are used often are kept; most rooms are small, and have none.</summary>
    private const int KeepListFrom = 64;

    private readonly Lock _lock = new();

    /// <summary>Who leaves leaves as whoever they are: taken before the other, by what changes both a cursor's user and the attendance.</summary>
    private readonly Lock _identities = new();
    private readonly StreamFeed _feed;
    private readonly DeadlineQueue _deadlines;
    private readonly FanoutCrew _crew;
    private readonly TimeProvider _time;
    private readonly FrontendMetrics _metrics;
    private readonly ConnectionLog _connections;
    private readonly ILogger _logger;
    private readonly Action<Room> _emptied;
    private Cursor?[] _cursors = [];
    private List<Cursor>? _behind;
    private List<Cursor>? _spare;
    private int _count;
    private int _turn;

    // No token ends earlier.
    private long _soonestEndMs = long.MaxValue;
    private bool _ticking;
    private bool _wanted;
    private long _nextMs;

    public Room(
        StreamFeed feed, DeadlineQueue deadlines, FanoutCrew crew, TimeProvider time, FrontendMetrics metrics, ConnectionLog connections, ILogger logger, Action<Room> emptied)
    {
        (_feed, _deadlines, _crew, _time, _metrics, _connections, _logger, _emptied) = (feed, deadlines, crew, time, metrics, connections, logger, emptied);
        _framed = feed.Read((view, _) => view.Position);
        (_headEpoch, _headOffset) = _framed;
        feed.Observe(this);
    }

    public StreamFeed Feed => _feed;

    public bool IsClosed { get; private set; }

    /// <summary>With which part of its members it begins: see <see cref="Sample"/>.</summary>
    public int Turn { init => _turn = value; }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Now, as cursors keep it: ms, from anywhere, may wrap.</summary>
    internal int Clock => Cursor.Clock(_time);

    /// <summary>Adds a viewer; its first frame is on its way.</summary>
    /// <returns>False when the room is closed: get another.</returns>
    public bool Enter(Cursor cursor)
    {
        lock (_lock)
        {
            if (IsClosed) return false;
            if (_count == _cursors.Length) Array.Resize(ref _cursors, Math.Max(1, _count + (_count / 2) + (_count % 2)));
            cursor.Enter(this, _count);
            _cursors[_count++] = cursor;
            _soonestEndMs = Math.Min(_soonestEndMs, cursor.ExpiresAtMs);
            List(cursor);
        }

        _feed.Join(cursor.User, cursor.Name);
        Moved();
        return true;
    }

    public void Leave(Cursor cursor)
    {
        bool empty;
        lock (_identities)
        {
            lock (_lock)
            {
                if (cursor.Slot < 0) return;
                var last = _cursors[--_count]!;
                _cursors[cursor.Slot] = last;
                last.Slot = cursor.Slot;
                _cursors[_count] = null;
                cursor.Slot = -1;
                empty = _count == 0;
                if (_cursors.Length > 64 && _count < _cursors.Length / 4) Array.Resize(ref _cursors, _cursors.Length / 2);
            }

            _feed.Leave(cursor.User);
        }

        if (empty) _emptied(this);
    }

    /// <summary>An anonymous viewer is this user from now on: in the attendance, and in what it sees.</summary>
    public void SignIn(Cursor cursor, string user, string? name)
    {
        lock (_identities)
        {
            lock (_lock)
            {
                if (cursor.Slot < 0) return;
                cursor.SignIn(user, name);
                List(cursor);
            }

            _feed.SignIn(user, name);
        }

        Moved();
    }

    /// <summary>A viewer's token ends at another time than it did.</summary>
    public void Renew(Cursor cursor, long expiresAtMs)
    {
        lock (_lock)
        {
            cursor.ExpiresAtMs = expiresAtMs;
            _soonestEndMs = Math.Min(_soonestEndMs, expiresAtMs);
        }
    }

    /// <summary>Ends the room if no one is in it.</summary>
    public bool TryClose()
    {
        lock (_lock)
        {
            if (_count > 0) return false;
            IsClosed = true;
        }

        _feed.Observe(null);
        return true;
    }

    /// <summary>Something is to be sent: close a frame as soon as the pace allows.</summary>
    public void Moved()
    {
        lock (_lock)
        {
            if (_ticking || IsClosed)
            {
                _wanted = true;
                return;
            }

            _ticking = true;
            if (_deadlines.NowMs < _nextMs)
            {
                _deadlines.Schedule(this, _nextMs);
                return;
            }
        }

        _crew.Run(this);
    }

    public void Ended(FeedEndReason end)
    {
        var reason = end switch
        {
            FeedEndReason.Deleted => CloseReason.NotFound,
            FeedEndReason.Damaged => CloseReason.Damaged,
            FeedEndReason.Moved => CloseReason.GoingAway,
            _ => CloseReason.Internal,
        };
        lock (_lock) IsClosed = true;
        foreach (var cursor in Members()) cursor.End(reason, reconnectInMs: 1000);
    }

    public void Due() => _crew.Run(this);

    public void Work()
    {
        var started = _time.GetTimestamp();
        List<Cursor>? behind;
        lock (_lock)
        {
            _wanted = false;
            (behind, _behind, _spare) = (_behind, _spare, null);
            if (behind is not null)
            {
                foreach (var cursor in behind) cursor.IsListed = false;
            }
        }

        var awaits = Tick(behind is { Count: > 0 } ? behind : null);

        behind?.Clear();
        var took = _time.GetElapsedTime(started);
        var tookMs = (long)took.TotalMilliseconds;
        var leastMs = tookMs < LightMs ? LightTickMs : ShortestTickMs;
        var pauseMs = Math.Max(leastMs - tookMs, tookMs / 2);
        _metrics.FannedOut(took);
        if (tookMs + pauseMs > ShortestTickMs) _metrics.TickStretched();
        lock (_lock)
        {
            if (_count >= KeepListFrom) _spare = behind;
            _nextMs = _deadlines.NowMs + pauseMs;
            if (!_wanted && !awaits)
            {
                _ticking = false;
                return;
            }
        }

        _deadlines.Schedule(this, _nextMs);
    }

    public Cursor[] Members()
    {
        lock (_lock) return _cursors.AsSpan(0, _count).ToArray()!;
    }

    /// <summary>
    /// Adds to a list whom to look after now: one member in <paramref name="turns"/>, others at each call, and everyone whose
    /// token has ended.
    /// </summary>
    public void Sample(int turns, long utcNowMs, List<Cursor> into)
    {
        lock (_lock)
        {
            _turn = (_turn + 1) % turns;
            for (var i = _turn; i < _count; i += turns) into.Add(_cursors[i]!);
            if (utcNowMs < _soonestEndMs) return;
            _soonestEndMs = long.MaxValue;
            foreach (var cursor in _cursors.AsSpan(0, _count))
            {
                if (cursor!.ExpiresAtMs <= utcNowMs) into.Add(cursor);
                else _soonestEndMs = Math.Min(_soonestEndMs, cursor.ExpiresAtMs);
            }
        }
    }

    /// <summary>A cursor can be sent to again; it may have missed a tick.</summary>
    internal void Released(Cursor cursor)
    {
        // In this order: the tick writes the epoch first.
        var offset = Volatile.Read(ref _headOffset);
        if (cursor.IsAt(_headEpoch, offset) && !cursor.IsPaced) return;
        lock (_lock)
        {
            if (cursor.Slot < 0 || IsClosed) return;
            List(cursor);
        }

        Moved();
    }

    internal void Stalled(int change) => _metrics.ViewersStalled(change);

    /// <summary>A viewer's visit began.</summary>
    internal void CountOpened(Transport transport) => _metrics.ConnectionOpened(transport);

    /// <param name="reason">See <see cref="CloseReasons"/>.</param>
    internal void CountClosed(Transport transport, string reason)
    {
        _metrics.ConnectionClosed(transport, reason);
        _connections.Closed(transport, _feed.Id, reason);
    }

    // Under the lock.
    private void List(Cursor cursor)
    {
        if (cursor.IsListed) return;
        cursor.IsListed = true;
        (_behind ??= []).Add(cursor);
    }
}
