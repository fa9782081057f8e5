using Interactions.Contracts;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Fanout;

/// <summary>
/// A viewer: a sink and a position, no queue of frames. While its sink is stalled it is left alone; afterwards one
/// catch-up frame brings it to the head. Replies to the viewer's own messages go out in order between frames.
/// </summary>
/// <remarks>
/// There are as many of these as connections: what few need stands in <see cref="CursorExtras"/>. The position belongs to the
/// room's tick. The sink belongs to whoever sets <see cref="Busy"/>; the owner does on release what others asked for
/// meanwhile, so nobody ever waits for a send.
/// </remarks>
internal sealed partial class Cursor
{
    private const int MostReplies = 1024;

    /// <summary>Someone sends.</summary>
    private const int Busy = 1;

    /// <summary>That send has not ended yet; comes with <see cref="Busy"/>.</summary>
    private const int Stalled = 2;

    /// <summary>There are replies to send.</summary>
    private const int Waiting = 4;

    /// <summary>The end was asked for: no more frames or replies are taken.</summary>
    private const int Ending = 8;

    /// <summary>The last that is ever sent was handed to the sink, or will not be.</summary>
    private const int Over = 16;

    /// <summary>Who wants to know has been told.</summary>
    private const int Told = 32;

    private readonly ISink _sink;
    private readonly WireFormat _format;
    private string _epoch;
    private long _offset;
    private Room? _room;
    private CursorExtras? _extras;
    private int _state;
    private int _sentMs;
    private volatile bool _wasSentTo;
    private volatile bool _endsAfterFirst;

    /// <summary>How many bytes had arrived when all had or more had than before, and when that was; the lower half, to tell movement.</summary>
    private int _arrived;
    private int _arrivedMs;

    /// <param name="position">Where the viewer is; null = nowhere yet, it gets a snapshot.</param>
    /// <param name="user">Whose; null = anonymous.</param>
    public Cursor(ISink sink, Position? position, string? user, string? name, long expiresAtMs, TimeProvider time)
    {
        (_sink, User, Name, ExpiresAtMs) = (sink, user, name, expiresAtMs);
        (_format, Transport) = (sink.Format, sink.Transport);
        (_epoch, _offset) = position ?? Position.Start;
        _sentMs = Clock(time);
    }

    /// <summary>Null = anonymous, so far.</summary>
    public string? User { get; private set; }

    public string? Name { get; private set; }

    public Transport Transport { get; }

    /// <summary>When the viewer's token ends, ms since 1970 UTC; <see cref="long.MaxValue"/> = never.</summary>
    public long ExpiresAtMs { get; set; }

    /// <summary>Exact for the room's tick; others may see it move.</summary>
    public Position Position => new(_epoch, _offset);

    /// <summary>Whether a frame could be sent now.</summary>
    public bool IsReady => Volatile.Read(ref _state) == 0;

    /// <summary>Whether replies wait for what is being sent; not after the end.</summary>
    public bool HasReplies => (Volatile.Read(ref _state) & (Waiting | Ending)) == Waiting;

    /// <summary>Whether it is sent to at its own <see cref="Pace"/>: it gets no shared frames, and its room looks at it each tick.</summary>
    internal bool IsPaced => _extras?.Pace is not null;

    /// <summary>How many bytes of comments its next frame may have.</summary>
    internal int CommentBytes => _extras?.Pace?.CommentBytes ?? Pace.AnyBytes;

    /// <summary>
    /// Completes when the cursor is done: with the server's reason, or null when the connection broke or the client left.
    /// A task costs memory: see <see cref="IEndedSink"/>.
    /// </summary>
    public Task<CloseReason?> Ended
    {
        get
        {
            lock (this)
            {
                if ((_state & Told) != 0) return Task.FromResult(_extras?.Reason);
                return (Extras().Ended ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>Completes when no send is under way any more; await it after the end, before the sink is let go.</summary>
    public Task Settled
    {
        get
        {
            lock (this)
            {
                if ((_state & Stalled) == 0) return Task.CompletedTask;
                return (Extras().Settled ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>Its place in the room's list; -1 = in none. Under the room's lock.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>Whether the next tick looks at it by itself. Under the room's lock.</summary>
    internal bool IsListed { get; set; }

    internal FrameScope Scope { get; set; }

    /// <summary>Whether its token moderates the stream: then it is told whose bans change.</summary>
    internal bool Moderates { get; set; }

    internal static int Clock(TimeProvider time) => unchecked((int)(time.GetTimestamp() / (time.TimestampFrequency / 1000)));

    internal void Enter(Room room, int slot) => (_room, Slot, Scope) = (room, slot, FrameScope.New);

    /// <summary>Under the room's lock.</summary>
    internal void SignIn(string user, string? name) => (User, Name, Scope) = (user, name, FrameScope.SignedIn);

    /// <summary>It gets a snapshot next. Called by the tick alone.</summary>
    internal void Restart() => MoveTo(Position.Start);

    internal bool IsAt(string epoch, long offset) => _offset == offset && _epoch == epoch;

    /// <summary>Sends a frame that leads from a position, if the viewer stands there and its sink takes it. Called by the tick alone.</summary>
    /// <returns>The size of what was handed to the sink; 0 = nothing.</returns>
    internal int Offer(Packet packet, in Position from, int nowMs)
    {
        if (!IsAt(from.Epoch, from.Offset)) return 0;
        if (packet.IsEmpty)
        {
            MoveTo(packet.Position);
            return 0;
        }

        if (Interlocked.CompareExchange(ref _state, Busy, 0) != 0) return 0;
        if (!IsAt(from.Epoch, from.Offset))
        {
            // Half of another worker's move was read above.
            Release();
            return 0;
        }

        MoveTo(packet.Position);
        _sentMs = nowMs;
        var bytes = packet.Bytes(_format);
        if (IsPaced) SetPace(bytes.Length, nowMs);
        if (TrySend(bytes) && Interlocked.CompareExchange(ref _state, 0, Busy) != Busy) Release();
        return bytes.Length;
    }

    /// <summary>Whether what it was sent has arrived, so that it may have the next frame. Whoever is quick about it is no longer paced.</summary>
    internal bool HasArrived(int nowMs)
    {
        lock (this)
        {
            if (_extras?.Pace is not { } pace) return true;
            var arrived = _sink.Arrived; // before the other, so that nothing is waited for that is not there yet
            if (_sink.Backlog is > 0 and var backlog && !pace.HasPassed(arrived, backlog)) return false;
            if (pace.Arrived(nowMs)) _extras.Pace = null;
            return true;
        }
    }

    /// <summary>Sends a message of its own to this viewer, after what is being sent.</summary>
    /// <returns>False when it has ended, or too many wait, which ends it.</returns>
    public bool Reply(ReadOnlyMemory<byte> message)
    {
        if (Interlocked.CompareExchange(ref _state, Busy, 0) == 0)
        {
            if (TrySend(message, isOwn: true)) Release();
            return true;
        }

        lock (this)
        {
            if ((_state & Ending) != 0) return false;
            var replies = Extras().Replies ??= new();
            if (replies.Count < MostReplies)
            {
                replies.Enqueue(message);
                Interlocked.Or(ref _state, Waiting);
                message = default;
            }
        }

        if (!message.IsEmpty)
        {
            End(CloseReason.NoProgress);
            return false;
        }

        // Whoever was sending may have let go before it could see the reply.
        if (Interlocked.CompareExchange(ref _state, Busy | Waiting, Waiting) == Waiting) Release();
        return true;
    }

    /// <summary>Looks after the connection: a heartbeat when it was quiet, an end when it makes no progress.</summary>
    internal void CheckLiveness(TimeSpan quiet, TimeSpan stall, int nowMs, long utcNowMs)
    {
        var forMs = unchecked(nowMs - _sentMs);
        if (utcNowMs >= ExpiresAtMs) End(CloseReason.TokenExpired, reconnectInMs: 1000);
        else if ((_state & Stalled) != 0)
        {
            if (HasMoved()) _sentMs = nowMs;
            else if (forMs > stall.TotalMilliseconds) End(CloseReason.NoProgress);
        }
        else if (AwaitsSince(nowMs) > stall.TotalMilliseconds) End(CloseReason.NoProgress);
        else if (forMs > quiet.TotalMilliseconds && IsReady && Heartbeat.Bytes(_format) is { IsEmpty: false } heartbeat) Reply(heartbeat);
    }

    /// <summary>
    /// Ends the cursor. With <paramref name="reconnectInMs"/> the viewer is told goodbye and when to come back, unless it is
    /// stalled: then the sink is aborted.
    /// </summary>
    public void End(CloseReason? reason, int? reconnectInMs = null)
    {
        int before;
        lock (this)
        {
            if ((_state & Ending) != 0) return;
            (Extras().Reason, Extras().ReconnectInMs) = (reason, reconnectInMs);
            before = Interlocked.Or(ref _state, Ending | Busy);
        }

        if ((before & Stalled) != 0) Abandon();
        else if ((before & Busy) == 0) Release();
    }

    /// <summary>
    /// The viewer sends no more: it has left, as far as anyone can tell. One that was not sent anything yet is first sent what it came for.
    /// </summary>
    public void EndAfterFirst()
    {
        _endsAfterFirst = true;
        Interlocked.MemoryBarrier(); // against FirstIsSent
        if (_wasSentTo) End(null);
    }

    /// <summary>
    /// For how long nothing has arrived of what the system took and the viewer has not: it takes a great deal for one that reads nothing,
    /// before the sink stalls.
    /// </summary>
    private int AwaitsSince(int nowMs)
    {
        if (_sink.Backlog == 0) _arrivedMs = nowMs;
        else if (_sink.Arrived is var arrived && (arrived == 0 || unchecked((int)arrived) != _arrived)) (_arrived, _arrivedMs) = (unchecked((int)arrived), nowMs);
        return unchecked(nowMs - _arrivedMs);
    }

    /// <summary>Whether some of what is being sent has arrived since this was asked the last time.</summary>
    private bool HasMoved()
    {
        var backlog = _sink.Backlog;
        lock (this)
        {
            if (Extras().Backlog == backlog) return false;
            Extras().Backlog = backlog;
            return true;
        }
    }

    private void MoveTo(in Position position) => (_epoch, _offset) = position;

    private CursorExtras Extras() => _extras ??= new();
}
