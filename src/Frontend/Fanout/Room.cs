using System.Buffers;
using Interactions.Contracts;
using Interactions.Contracts.Frames;
using Interactions.Frontend.Telemetry;
using Interactions.Silo.Nodes;
using Interactions.Silo.Streams;
using Interactions.Silo.Telemetry;

namespace Interactions.Frontend.Fanout;

/// <summary>
/// The viewers of one stream on this node, and the pacer that closes their frames: at once when the stream was quiet,
/// else every 25 ms, stretched so that fan-out takes at most half of the time. Every tick brings every ready cursor to
/// the same head: those that kept up by the shared frame, those that lag or resume by one that adds up what they missed
/// (encoded once per place they stand at), all others by a snapshot.
/// </summary>
internal sealed partial class Room : IStreamObserver, IDue
{
    private const int ShortestTickMs = 25;

    /// <summary>Shared frames are not conflated below this; more comments a tick are not readable anyway.</summary>
    private const int CommentsInSharedFrame = 1000;

    private const int CommentsInCatchUp = 50;

    /// <summary>Below this a second worker costs more than it saves.</summary>
    private const int CursorsPerWorker = 256;

    private readonly Lock _lock = new();
    private readonly OpenStream _stream;
    private readonly DeadlineQueue _deadlines;
    private readonly TimeProvider _time;
    private readonly FrontendMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Action<Room> _emptied;
    private Cursor?[] _cursors = new Cursor?[4];
    private int _count;
    private Position _framed;
    private long _framedOffset;
    private bool _ticking;
    private bool _wanted;
    private long _nextMs;

    public Room(OpenStream stream, DeadlineQueue deadlines, TimeProvider time, FrontendMetrics metrics, ILogger logger, Action<Room> emptied)
    {
        (_stream, _deadlines, _time, _metrics, _logger, _emptied) = (stream, deadlines, time, metrics, logger, emptied);
        _framed = stream.Read((state, _) => state.Position);
        stream.Observe(this);
    }

    public OpenStream Stream => _stream;

    public bool IsClosed { get; private set; }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds a viewer; its first frame is on its way.</summary>
    /// <returns>False when the room is closed: get another.</returns>
    public bool Enter(Cursor cursor)
    {
        lock (_lock)
        {
            if (IsClosed) return false;
            if (_count == _cursors.Length) Array.Resize(ref _cursors, _count * 2);
            cursor.Slot = _count;
            _cursors[_count++] = cursor;
            cursor.Drained = Drained;
        }

        _stream.Join(cursor.User, cursor.Name);
        Moved();
        return true;
    }

    public void Leave(Cursor cursor)
    {
        bool empty;
        lock (_lock)
        {
            if (cursor.Slot < 0) return;
            var last = _cursors[--_count]!;
            _cursors[cursor.Slot] = last;
            last.Slot = cursor.Slot;
            _cursors[_count] = null;
            cursor.Slot = -1;
            empty = _count == 0;
        }

        _stream.Leave(cursor.User);
        if (empty) _emptied(this);
    }

    /// <summary>Ends the room if no one is in it.</summary>
    public bool TryClose()
    {
        lock (_lock)
        {
            if (_count > 0) return false;
            IsClosed = true;
        }

        _stream.Observe(null);
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

        ThreadPool.UnsafeQueueUserWorkItem(static room => room.Tick(), this, preferLocal: false);
    }

    public void Closed()
    {
        lock (_lock) IsClosed = true;
        foreach (var cursor in Members()) cursor.End(CloseReason.NotFound, reconnectInMs: 1000);
    }

    public void Due() => ThreadPool.UnsafeQueueUserWorkItem(static room => room.Tick(), this, preferLocal: false);

    public Cursor[] Members()
    {
        lock (_lock) return _cursors.AsSpan(0, _count).ToArray()!;
    }

    private void Drained(Cursor cursor)
    {
        if (cursor.Position.Offset != Volatile.Read(ref _framedOffset)) Moved();
    }

    private void Tick()
    {
        var started = _time.GetTimestamp();
        Cursor[] cursors;
        int count;
        lock (_lock)
        {
            _wanted = false;
            count = _count;
            cursors = ArrayPool<Cursor>.Shared.Rent(Math.Max(1, count));
            Array.Copy(_cursors, cursors, count);
        }

        using var span = Tracing.Step("frame", _stream.TakeTrace(), _stream.Id)?.SetTag("interactions.viewers", count);
        try
        {
            var tick = BuildTick(cursors, count);
            Deliver(tick, cursors, count);
            _framed = tick.To;
            Volatile.Write(ref _framedOffset, tick.To.Offset);
        }
        catch (Exception broken)
        {
            // A frame that can't be built must not silence the room: the next tick tries again.
            LogTickFailed(_logger, broken, _stream.Id);
        }

        Array.Clear(cursors, 0, count);
        ArrayPool<Cursor>.Shared.Return(cursors);

        var took = _time.GetElapsedTime(started);
        _metrics.FannedOut(took);
        if (took.TotalMilliseconds > ShortestTickMs / 2.0) _metrics.TickStretched();
        lock (_lock)
        {
            _nextMs = _deadlines.NowMs + Math.Max(ShortestTickMs - (long)took.TotalMilliseconds, (long)took.TotalMilliseconds);
            if (!_wanted)
            {
                _ticking = false;
                return;
            }
        }

        _deadlines.Schedule(this, _nextMs);
    }

    private TickFrames BuildTick(Cursor[] cursors, int count)
    {
        // Those who are not where the last frame ended need a frame of their own (shared by all who stand at the same place).
        HashSet<Position>? elsewhere = null;
        foreach (var cursor in cursors.AsSpan(0, count))
        {
            if (cursor.Position is var place && place != _framed && cursor.IsReady) (elsewhere ??= []).Add(place);
        }

        return _stream.Read((state, ring) =>
        {
            var atMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
            var tick = new TickFrames(_framed, state.Position);
            if (state.Position != _framed && ring.Covers(_framed)) tick.Shared = new(ring.Sum(state, _framed.Offset, null, CommentsInSharedFrame), atMs);
            if (elsewhere is not null)
            {
                foreach (var place in elsewhere) tick.Others[place] = Resume(state, ring, place, null, tick, atMs);
            }

            if (tick.Shared is null && state.Position != _framed) tick.Others[_framed] = tick.Snapshot ??= new(state.Snapshot(null), atMs);

            if (!state.AnyPersonal) return tick;
            foreach (var cursor in cursors.AsSpan(0, count))
            {
                // Stalled ones too: one that is ready again by delivery must not be handed the shared frame.
                if (!state.IsPersonal(cursor.User)) continue;
                var place = cursor.Position;
                if (place != state.Position) (tick.Personal ??= []).Add(cursor, (place, Resume(state, ring, place, cursor.User, tick, atMs)));
            }

            return tick;
        });
    }

    private Packet Resume(StreamState state, EffectRing ring, Position place, string? viewer, TickFrames tick, long atMs)
    {
        if (!place.IsStart && ring.Covers(place))
        {
            _metrics.CatchUpSent("behind");
            return new(ring.Sum(state, place.Offset, viewer, CommentsInCatchUp), atMs);
        }

        _metrics.SnapshotSent(place.IsStart ? "join" : "lost");
        return viewer is null ? tick.Snapshot ??= new(state.Snapshot(null), atMs) : new(state.Snapshot(viewer), atMs);
    }

    private void Deliver(TickFrames tick, Cursor[] cursors, int count)
    {
        var workers = Math.Clamp(count / CursorsPerWorker, 1, Environment.ProcessorCount);
        var sent = new SentCount();
        if (workers == 1)
        {
            sent = DeliverPart(tick, cursors.AsSpan(0, count));
        }
        else
        {
            var part = (count + workers - 1) / workers;
            var adding = new Lock();
            Parallel.For(0, workers, worker =>
            {
                var from = worker * part;
                var tally = DeliverPart(tick, cursors.AsSpan(from, Math.Min(part, count - from)));
                lock (adding) sent.Add(tally);
            });
        }

        sent.Tell(_metrics);
        if (tick.Shared is { IsEmpty: false, OldestMs: > 0 } shared) _metrics.LikeToFrame(TimeSpan.FromMilliseconds(shared.AtMs - shared.OldestMs));
    }

    private static SentCount DeliverPart(TickFrames tick, ReadOnlySpan<Cursor> cursors)
    {
        var sent = new SentCount();
        foreach (var cursor in cursors)
        {
            if (tick.Personal is not null && tick.Personal.TryGetValue(cursor, out var own))
            {
                if (cursor.Offer(own.Packet, own.From)) Counted(ref sent, cursor, own.Packet);
                continue;
            }

            if (tick.Shared is { } shared)
            {
                if (cursor.Offer(shared, tick.From))
                {
                    Counted(ref sent, cursor, shared);
                    continue;
                }
            }

            var place = cursor.Position;
            if (place != tick.To && tick.Others.TryGetValue(place, out var other) && cursor.Offer(other, place)) Counted(ref sent, cursor, other);
        }

        return sent;
    }

    private static void Counted(ref SentCount sent, Cursor cursor, Packet packet) => sent.Add(cursor.Transport, packet.Bytes(cursor.Format).Length);

    [LoggerMessage(Level = LogLevel.Error, Message = "A frame of {Stream} could not be built")]
    private static partial void LogTickFailed(ILogger logger, Exception exception, string stream);
}
