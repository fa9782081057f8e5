using Interactions.Frontend.Admission;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Transports.Listener;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Transports.Sse;

/// <summary>
/// A viewer whose events are written straight to its socket. It holds its connection, its cursor and its visit: no buffer and
/// no task. What the client still sends is not read: the kernel stops it when its window is full.
/// </summary>
internal sealed class SocketEvents : IEndedSink, ILiveHandler, IThreadPoolWorkItem
{
    private int _begunAndEnded;

    public SocketEvents(LiveConnection connection, Admitted admitted, TimeProvider time)
    {
        Connection = connection;
        Cursor = Visit.CursorOf(this, admitted, time);
    }

    public LiveConnection Connection { get; }

    public Cursor Cursor { get; }

    /// <summary>Empty until it has begun.</summary>
    public Visit Visit { get; private set; }

    /// <summary>Why it has ended; null = the client left.</summary>
    public CloseReason? Reason { get; private set; }

    public WireFormat Format => WireFormat.Sse;

    public int Backlog => Connection.Backlog;

    public long Arrived => Connection.Arrived;

    public void Begin(Visit visit)
    {
        Visit = visit;
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

    public void Execute() => LiveEvents.Left(this);

    // It may end before it has begun. Whoever ends it may hold locks that leaving takes.
    private void LeaveAtSecond()
    {
        if (Interlocked.Increment(ref _begunAndEnded) == 2) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
