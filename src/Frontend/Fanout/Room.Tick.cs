using System.Buffers;
using System.Runtime.InteropServices;
using Interactions.Contracts;
using Interactions.Contracts.Telemetry;
using Interactions.Contracts.Views;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Fanout;

/// <summary>
/// A tick brings every ready cursor to the same head: those that kept up by the shared frame, those that lag or resume
/// by one that adds up what they missed (encoded once per place they stand at), all others by a snapshot.
/// </summary>
internal sealed partial class Room
{
    /// <summary>Shared frames are not conflated below this; more comments a tick are not readable anyway.</summary>
    private const int CommentsInSharedFrame = 1000;

    private const int CommentsInCatchUp = 50;

    /// <summary>Where the last tick's frames ended.</summary>
    private Position _framed;

    /// <summary>Where this tick's frames end: what a cursor that is let go of compares itself with.</summary>
    private string _headEpoch;

    private long _headOffset;

    /// <summary>Those who get frames of their own, and the view and version they were chosen from.</summary>
    private List<Cursor>? _personal;
    private StreamView? _personalOf;
    private int _personalVersion;

    /// <returns>Whether there is to be another tick, for viewers who wait for what they were sent.</returns>
    private bool Tick(List<Cursor>? behind)
    {
        using var span = Tracing.Step("frame", _feed.TakeTrace(), _feed.Id)?.SetTag("interactions.viewers", Count);
        try
        {
            var tick = _feed.Read((view, ring) => BuildTick(view, ring, behind));
            _framed = tick.To;
            Deliver(tick, behind);
            return tick.Awaits;
        }
        catch (Exception broken)
        {
            // A frame that can't be built must not silence the room: the next tick looks at everyone.
            LogTickFailed(_logger, broken, _feed.Id);
            lock (_lock)
            {
                foreach (var cursor in _cursors.AsSpan(0, _count)) List(cursor!);
            }

            return false;
        }
    }

    private TickFrames BuildTick(StreamView view, EffectRing ring, List<Cursor>? behind)
    {
        // Before anyone is looked at: who is passed by because it is busy finds itself behind this when it no longer is.
        _headEpoch = view.Position.Epoch;
        Volatile.Write(ref _headOffset, view.Position.Offset);
        Interlocked.MemoryBarrier();

        var atMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var tick = new TickFrames(_framed, view.Position);
        if (tick.To != tick.From)
        {
            tick.Shared = ring.Covers(_framed)
                ? new(ring.Sum(view, _framed.Offset, null, CommentsInSharedFrame), atMs)
                : tick.Snapshot = new(view.Snapshot(null), atMs);
        }

        ReleaseTold(view, tick);
        FindPersonal(view, behind);
        FindTold(view, ring, tick, behind);
        if (behind is not null)
        {
            var kept = 0;
            foreach (var cursor in behind)
            {
                if (cursor.Scope == FrameScope.Personal || !MayBeSent(cursor, tick)) continue;
                var place = cursor.Position;
                if (place == tick.To || (place == tick.From && !cursor.IsPaced)) continue;
                tick.Others ??= [];
                var key = (place, cursor.CommentBytes);
                if (!tick.Others.ContainsKey(key)) tick.Others.Add(key, Resume(view, ring, cursor, isOwn: false, tick, atMs));
                CollectionsMarshal.AsSpan(behind)[kept++] = cursor;
            }

            behind.RemoveRange(kept, behind.Count - kept);
        }

        AddOwn(_personal);
        AddOwn(_told);
        return tick;

        void AddOwn(List<Cursor>? cursors)
        {
            if (cursors is null) return;
            cursors.RemoveAll(static cursor => cursor.Slot < 0);
            foreach (var cursor in cursors)
            {
                if (!MayBeSent(cursor, tick) || cursor.Position == tick.To) continue;
                (tick.Personal ??= []).Add((cursor, cursor.Position, Resume(view, ring, cursor, isOwn: true, tick, atMs)));
            }
        }
    }

    /// <summary>Whether a cursor could take a frame now. One that is paced waits until its last has arrived, and is looked at again.</summary>
    private bool MayBeSent(Cursor cursor, TickFrames tick)
    {
        if (!cursor.IsReady) return false;
        if (!cursor.IsPaced) return true;
        var arrived = cursor.HasArrived(Clock);
        if (!cursor.IsPaced) return true;
        tick.Awaits |= !arrived || cursor.Position != tick.To;
        lock (_lock)
        {
            if (cursor.Slot >= 0) List(cursor);
        }

        return arrived;
    }

    /// <summary>Says of those who came in, and when bans changed of everyone, whether they see what others see.</summary>
    private void FindPersonal(StreamView view, List<Cursor>? behind)
    {
        if (view != _personalOf || view.PersonalVersion != _personalVersion)
        {
            (_personalOf, _personalVersion) = (view, view.PersonalVersion);
            if (_personal is not null)
            {
                foreach (var cursor in _personal) cursor.Scope = FrameScope.Shared;
                _personal = null;
            }

            if (view.AnyPersonal)
            {
                lock (_lock)
                {
                    foreach (var cursor in _cursors.AsSpan(0, _count))
                    {
                        if (cursor!.Scope is FrameScope.Shared) Classify(view, cursor);
                    }
                }
            }
        }

        if (behind is null) return;
        lock (_lock)
        {
            foreach (var cursor in behind)
            {
                if (cursor.Scope is FrameScope.New or FrameScope.SignedIn) Classify(view, cursor);
            }
        }
    }

    /// <summary>Whether a viewer there is caught up by what changed since; else by a snapshot.</summary>
    private static bool IsCovered(EffectRing ring, Position place) => !place.IsStart && ring.Covers(place);

    // Under the lock: whoever signs in must not be judged as who it was.
    private void Classify(StreamView view, Cursor cursor)
    {
        var scope = cursor.Scope;
        cursor.Scope = FrameScope.Shared;
        var isPersonal = view.AnyPersonal && view.IsPersonal(cursor.User);

        // Who has signed in may see more than it saw as nobody.
        if (scope == FrameScope.SignedIn && (isPersonal || view.BanOf(cursor.User!) is not null)) cursor.Restart();
        if (!isPersonal) return;
        cursor.Scope = FrameScope.Personal;
        (_personal ??= []).Add(cursor);
    }

    private Packet Resume(StreamView view, EffectRing ring, Cursor cursor, bool isOwn, TickFrames tick, long atMs)
    {
        var place = cursor.Position;
        var viewer = isOwn ? cursor.User : null;
        if (IsCovered(ring, place))
        {
            _metrics.CatchUpSent("behind");
            return new(ring.Sum(view, place.Offset, viewer, CommentsInCatchUp, cursor.CommentBytes, isOwn && cursor.Moderates), atMs);
        }

        _metrics.SnapshotSent(place.IsStart ? "join" : "lost");
        return viewer is null ? tick.Snapshot ??= new(view.Snapshot(null), atMs) : new(view.Snapshot(viewer), atMs);
    }

    private void Deliver(TickFrames tick, List<Cursor>? behind)
    {
        Cursor[] everyone = [];
        var count = 0;
        if (tick.Shared is not null)
        {
            // A copy, because members come and go meanwhile.
            lock (_lock)
            {
                count = _count;
                everyone = ArrayPool<Cursor>.Shared.Rent(Math.Max(1, count));
                Array.Copy(_cursors, everyone, count);
            }
        }

        SentCount sent = default;
        try
        {
            sent = new Delivery(tick, everyone, count, behind, Clock).Run(_crew);
        }
        finally
        {
            Array.Clear(everyone, 0, count);
            if (everyone.Length > 0) ArrayPool<Cursor>.Shared.Return(everyone);
        }

        if (tick.Personal is not null)
        {
            foreach (var (cursor, from, packet) in tick.Personal)
            {
                var size = cursor.Offer(packet, from, Clock);
                if (size > 0) sent.Add(cursor.Transport, size);
            }
        }

        sent.Tell(_metrics);
        if (tick.Shared is { IsEmpty: false, OldestMs: > 0 } shared) _metrics.LikeToFrame(TimeSpan.FromMilliseconds(shared.AtMs - shared.OldestMs));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A frame of {Stream} could not be built")]
    private static partial void LogTickFailed(ILogger logger, Exception exception, string stream);
}
