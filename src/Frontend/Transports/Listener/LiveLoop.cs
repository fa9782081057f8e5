using System.Collections.Concurrent;

namespace Interactions.Frontend.Transports.Listener;

/// <summary>
/// One thread and one epoll instance for thousands of connections. Readiness is told once per change (edge-triggered), for
/// reading, writing and the peer's end at the same time, so a connection costs one registration in its life and an idle
/// one costs nothing. Once a second those that are late with their request, or with their end, are closed.
/// </summary>
internal sealed partial class LiveLoop : IDisposable
{
    private const uint Interest = Libc.In | Libc.Out | Libc.PeerEnded | Libc.EdgeTriggered;
    private const int SweepMs = 1000;
    private const int PauseMs = 100;
    private const int LingerMs = 5000;
    private const int EventsPerTurn = 512;

    private readonly ConcurrentQueue<(long AtMs, LiveConnection Connection)> _arriving = new();
    private readonly ConcurrentQueue<(long AtMs, LiveConnection Connection)> _lingering = new();
    private readonly ConcurrentQueue<PeerEnd> _halfClosed = new();
    private readonly ConcurrentDictionary<int, IAcceptor> _acceptors = new();
    private readonly HashSet<int> _paused = [];
    private readonly LiveTable _table;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _requestWithin;
    private readonly int _epoll;
    private readonly byte[] _scratch = new byte[16 * 1024];
    private uint _serial;
    private volatile bool _stopping;

    /// <param name="requestWithin">How long a connection may take over its first request's head.</param>
    /// <exception cref="IOException">The system gives no epoll instance.</exception>
    public LiveLoop(LiveTable table, TimeSpan requestWithin, TimeProvider time, ILogger logger)
    {
        (_table, _requestWithin, _time, _logger) = (table, requestWithin, time, logger);
        _epoll = Libc.CreateEpoll();
        if (_epoll < 0) throw new IOException($"epoll_create1 failed with error {Libc.Error}.");
        new Thread(Run) { IsBackground = true, Name = "live connections" }.Start();
    }

    private long NowMs => _time.GetTimestamp() / (_time.TimestampFrequency / 1000);

    /// <summary>Tells the acceptor whenever this listening descriptor has connections to accept.</summary>
    public void Listen(int descriptor, IAcceptor acceptor)
    {
        _acceptors[descriptor] = acceptor;
        _ = Libc.EpollAdd(_epoll, descriptor, Libc.In, (uint)descriptor);
    }

    public void Unlisten(int descriptor)
    {
        _ = Libc.EpollRemove(_epoll, descriptor);
        _acceptors.TryRemove(descriptor, out _);
    }

    /// <summary>Looks after a connected, non-blocking descriptor from now on.</summary>
    /// <param name="owner">What it belongs to until a handler is attached; null: one is attached soon.</param>
    /// <returns>Null when the system refuses; the descriptor is closed then.</returns>
    public LiveConnection? Adopt(int descriptor, object? owner)
    {
        // 0 is for listening descriptors.
        var serial = Interlocked.Increment(ref _serial);
        if (serial == 0) serial = Interlocked.Increment(ref _serial);
        var connection = new LiveConnection(this, descriptor, serial, LiveState.Admitting);
        if (owner is IArrival) connection.TryEnter(LiveState.Arriving, owner);
        _table.Add(connection);
        if (owner is IArrival) _arriving.Enqueue((NowMs + (long)_requestWithin.TotalMilliseconds, connection));
        if (Libc.EpollAdd(_epoll, descriptor, Interest, Data(connection)) == 0) return connection;
        _table.Remove(connection);
        Libc.Close(descriptor);
        return null;
    }

    public void Dispose() => _stopping = true;

    /// <summary>Has everything told again that is there by now.</summary>
    internal void Rearm(LiveConnection connection) => _ = Libc.EpollChange(_epoll, connection.Descriptor, Interest, Data(connection));

    internal void Linger(LiveConnection connection) => _lingering.Enqueue((NowMs + LingerMs, connection));

    /// <summary>Asks once a second whether the peer still reads, until it does not.</summary>
    internal void Watch(PeerEnd end) => _halfClosed.Enqueue(end);

    /// <summary>To be called before the descriptor is closed or given away.</summary>
    internal void Forget(LiveConnection connection)
    {
        _ = Libc.EpollRemove(_epoll, connection.Descriptor);
        _table.Remove(connection);
    }

    private static ulong Data(LiveConnection connection) => ((ulong)connection.Serial << 32) | (uint)connection.Descriptor;

    private void Run()
    {
        var events = new byte[EventsPerTurn * Libc.EventSize];
        var sweptMs = NowMs;
        while (!_stopping)
        {
            var count = Libc.EpollWait(_epoll, events, _paused.Count > 0 ? PauseMs : SweepMs);
            for (var i = 0; i < count; i++)
            {
                var (what, data) = Libc.EventAt(events, i);
                Guarded((int)(uint)data, (uint)(data >> 32), what);
            }

            Resume();
            if (NowMs - sweptMs < SweepMs) continue;
            sweptMs = NowMs;
            Sweep(sweptMs);
        }

        Libc.Close(_epoll);
    }

    private void Guarded(int descriptor, uint serial, uint events)
    {
        LiveConnection? connection = null;
        try
        {
            if (serial == 0)
            {
                if (_acceptors.TryGetValue(descriptor, out var acceptor) && !acceptor.Accept()) Pause(descriptor);
                return;
            }

            connection = _table.Find(descriptor, serial);
            if (connection is not null) Handle(connection, events);
        }
        catch (Exception broken)
        {
            // One connection's bug must not end all the others'.
            LogBroken(_logger, broken);
            connection?.Abort();
        }
    }

    private void Handle(LiveConnection connection, uint events)
    {
        var owner = connection.Owner;
        switch (connection.State)
        {
            case LiveState.Arriving:
                if ((events & (Libc.HangUp | Libc.Failed)) != 0) connection.Abort();
                else if ((events & (Libc.In | Libc.PeerEnded)) != 0) (owner as IArrival)?.Look(connection, _scratch);

                // The rest of the request will not come.
                if ((events & Libc.PeerEnded) != 0 && connection.State == LiveState.Arriving) connection.Close();
                break;
            case LiveState.Admitting:
                // Told again when a handler is attached.
                if ((events & (Libc.HangUp | Libc.Failed)) != 0) connection.Abort();
                break;
            case LiveState.Served:
                if ((events & Libc.Out) != 0) connection.Flush();
                if ((events & Libc.In) != 0) (owner as ILiveHandler)?.OnReadable(connection);
                if ((events & (Libc.HangUp | Libc.Failed)) != 0) connection.Abort();
                else if ((events & Libc.PeerEnded) != 0) (owner as ILiveHandler)?.OnEnded(connection);
                break;
            case LiveState.Lingering:
                if ((events & (Libc.HangUp | Libc.Failed)) != 0 || connection.Drain(_scratch)) connection.Finish();
                break;
        }
    }

    // Out of descriptors: accepting again at once would only spin.
    private void Pause(int descriptor)
    {
        _ = Libc.EpollRemove(_epoll, descriptor);
        _paused.Add(descriptor);
    }

    private void Resume()
    {
        if (_paused.Count == 0) return;
        foreach (var descriptor in _paused)
        {
            if (_acceptors.ContainsKey(descriptor)) _ = Libc.EpollAdd(_epoll, descriptor, Libc.In, (uint)descriptor);
        }

        _paused.Clear();
    }

    private void Sweep(long nowMs)
    {
        while (_arriving.TryPeek(out var oldest) && oldest.AtMs <= nowMs && _arriving.TryDequeue(out oldest))
        {
            if (oldest.Connection.State == LiveState.Arriving) (oldest.Connection.Owner as IArrival)?.Late(oldest.Connection);
        }

        while (_lingering.TryPeek(out var oldest) && oldest.AtMs <= nowMs && _lingering.TryDequeue(out oldest)) oldest.Connection.Finish();
        for (var left = _halfClosed.Count; left > 0 && _halfClosed.TryDequeue(out var end); left--)
        {
            if (end.StillReads()) _halfClosed.Enqueue(end);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A live connection failed")]
    private static partial void LogBroken(ILogger logger, Exception exception);
}
