using Interactions.Frontend.Admission;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Transports.Listener;

namespace Interactions.Frontend.Transports.Sse;

/// <summary>
/// A viewer whose events are written straight to its socket. It holds its connection, its cursor and its room: no buffer and
/// no task. What the client still sends is not read: the kernel stops it when its window is full.
/// </summary>
internal sealed class SocketEvents : IEndedSink, ILiveHandler, IThreadPoolWorkItem
{
    private readonly LiveEvents _service;
    private int _enteredAndEnded;

    public SocketEvents(LiveConnection connection, Admitted admitted, LiveEvents service, TimeProvider time)
    {
        var identity = admitted.Identity;
        (Connection, Permit, _service) = (connection, admitted.Permit, service);
        Cursor = new Cursor(this, admitted.Position, identity?.User, identity?.Name, identity?.ExpiresAtMs ?? long.MaxValue, time);
    }

    public LiveConnection Connection { get; }

    public ConnectionPermit? Permit { get; }

    public Cursor Cursor { get; }

    /// <summary>Null until it has entered.</summary>
    public Room? Room { get; private set; }

    /// <summary>Why it has ended; null = the client left.</summary>
    public CloseReason? Reason { get; private set; }

    public WireFormat Format => WireFormat.Sse;

    public int Backlog => Connection.Backlog;

    public long Arrived => Connection.Arrived;

    public void Entered(Room room)
    {
        Room = room;
        LeaveAtSecond();
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message) => Connection.SendAsync(message);

    public void Abort(CloseReason reason) => Connection.Abort();

    public void Ended(CloseReason? reason)
    {
        Reason = reason;
        LeaveAtSecond();
    }

    public void OnReadable(LiveConnection connection)
    {
        // Nothing that it says now means anything.
    }

    public void OnEnded(LiveConnection connection) => Cursor.EndAfterFirst();

    public void OnClosed(LiveConnection connection) => Cursor.End(null);

    public void Execute() => _service.Left(this);

    // It may end before it has entered. Whoever ends it may hold locks that leaving takes.
    private void LeaveAtSecond()
    {
        if (Interlocked.Increment(ref _enteredAndEnded) == 2) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
