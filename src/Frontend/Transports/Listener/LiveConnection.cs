using System.Diagnostics;

namespace Interactions.Frontend.Transports.Listener;

/// <summary>
/// One accepted TCP connection that is served straight on its socket: a descriptor, and nothing that waits: no buffer, no
/// thread, no task. Sends are made on the calling thread and never block. Safe for concurrent callers; closing it is
/// idempotent, and every call on a closed connection fails as if the peer had cut it.
/// </summary>
internal sealed class LiveConnection
{
    private readonly Lock _lock = new();
    private readonly LiveLoop _loop;
    private readonly int _descriptor;
    private object? _owner;
    private LiveState _state;
    private bool _told;
    private ReadOnlyMemory<byte> _unsent;
    private TaskCompletionSource? _sending;

    internal LiveConnection(LiveLoop loop, int descriptor, uint serial, LiveState state)
    {
        (_loop, _descriptor, Serial, _state) = (loop, descriptor, serial, state);
    }

    /// <summary>Whether bytes can still be sent.</summary>
    public bool IsOpen => _state is LiveState.Arriving or LiveState.Admitting or LiveState.Served;

    /// <summary>How many bytes that were sent the peer has not acknowledged. A system call.</summary>
    public int Backlog
    {
        get
        {
            lock (_lock) return IsOpen ? Math.Max(0, Libc.Unacknowledged(_descriptor)) + _unsent.Length : 0;
        }
    }

    /// <summary>How many bytes the peer has acknowledged so far. A system call.</summary>
    public long Arrived
    {
        get
        {
            lock (_lock) return IsOpen ? Libc.Acknowledged(_descriptor) : 0;
        }
    }

    internal int Descriptor => _descriptor;

    /// <summary>Tells this connection's events from those of an earlier one with the same descriptor.</summary>
    internal uint Serial { get; }

    internal LiveState State => _state;

    /// <summary>What the connection belongs to while it is not served yet.</summary>
    internal object? Owner => _owner;

    /// <summary>
    /// From now on this is what the connection is for. What came before (bytes, or its end) is told on the loop thread
    /// soon after, never from within this call.
    /// </summary>
    public void Attach(ILiveHandler handler)
    {
        lock (_lock)
        {
            _owner = handler;
            if (IsOpen)
            {
                _state = LiveState.Served;
                _loop.Rearm(this);
                return;
            }
        }

        TellClosed();
    }

    /// <summary>Takes what has come, without waiting.</summary>
    /// <returns>The bytes taken; 0: the peer sends no more, or the connection is closed; -1: nothing there now.</returns>
    public int Receive(Span<byte> buffer)
    {
        lock (_lock)
        {
            if (!IsOpen) return 0;
            while (true)
            {
                var received = Libc.Receive(_descriptor, buffer);
                if (received >= 0) return received;
                var error = Libc.Error;
                if (error == Libc.Interrupted) continue;
                return error == Libc.WouldBlock ? -1 : 0;
            }
        }
    }

    /// <summary>As <see cref="Receive"/>, and leaves the bytes where they are.</summary>
    internal int Look(Span<byte> buffer)
    {
        lock (_lock)
        {
            if (!IsOpen) return 0;
            while (true)
            {
                var seen = Libc.Receive(_descriptor, buffer, Libc.Peek);
                if (seen >= 0) return seen;
                var error = Libc.Error;
                if (error == Libc.Interrupted) continue;
                return error == Libc.WouldBlock ? -1 : 0;
            }
        }
    }

    /// <summary>
    /// Sends, with the promises of <see cref="Fanout.ISink.SendAsync"/>: completed when it returns, the socket took
    /// everything; else it is stalled, a slice of the caller's bytes is kept (never copied), and the task ends when the rest is
    /// sent. One at a time: nothing may be sent until it has ended.
    /// </summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            if (!IsOpen) throw Gone();
            Debug.Assert(_sending is null, "One send at a time.");
            var rest = Push(bytes);
            if (rest.IsEmpty) return ValueTask.CompletedTask;

            // Only a stalled connection has these two; they go when it takes bytes again.
            _unsent = rest;
            _sending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_sending.Task);
        }
    }

    /// <summary>
    /// Ends the connection: what the socket has taken is delivered, then FIN. A send under way fails. The descriptor is kept
    /// until the peer has ended too, for 5 s at most: closing earlier over unread bytes would destroy what was sent.
    /// </summary>
    public void Close() => Shut(linger: true);

    /// <summary>Cuts the connection (RST); what the socket has not delivered is lost.</summary>
    public void Abort() => Shut(linger: false);

    /// <summary>The loop saw that the connection is ready for something.</summary>
    internal void Flush()
    {
        TaskCompletionSource? done;
        lock (_lock)
        {
            if (_sending is null || !IsOpen) return;
            try
            {
                _unsent = Push(_unsent);
            }
            catch (IOException)
            {
                return; // the loop is told of the end by an event of its own
            }

            if (!_unsent.IsEmpty) return;
            done = _sending;
            (_sending, _unsent) = (null, default);
        }

        done.SetResult();
    }

    /// <summary>Moves a connection on, unless it was closed.</summary>
    internal bool TryEnter(LiveState state, object? owner)
    {
        lock (_lock)
        {
            if (!IsOpen) return false;
            (_state, _owner) = (state, owner);
            return true;
        }
    }

    /// <summary>Lets go of the descriptor, unread bytes and all; whoever is given it has to close it.</summary>
    internal bool TryRelease(out int descriptor)
    {
        lock (_lock)
        {
            descriptor = _descriptor;
            if (!IsOpen) return false;
            _state = LiveState.Gone;
            _loop.Forget(this);
            return true;
        }
    }

    /// <summary>A lingering connection's peer has ended, or the time is over.</summary>
    internal void Finish()
    {
        lock (_lock)
        {
            if (_state == LiveState.Gone) return;
            _state = LiveState.Gone;
            _loop.Forget(this);
            Libc.Close(_descriptor);
        }

        TellClosed();
    }

    /// <summary>Throws away what the peer still sends while the connection lingers. True: it has ended.</summary>
    internal bool Drain(Span<byte> scratch)
    {
        lock (_lock)
        {
            if (_state != LiveState.Lingering) return true;

            // As much as one turn may cost; what is left is told of again.
            for (var turn = 0; turn < 16; turn++)
            {
                var received = Libc.Receive(_descriptor, scratch);
                if (received == 0) return true;
                if (received < 0) return Libc.Error is not (Libc.WouldBlock or Libc.Interrupted);
            }

            _loop.Rearm(this);
            return false;
        }
    }

    // Under the lock: writes until the socket takes no more, since its readiness is told of once only.
    private ReadOnlyMemory<byte> Push(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = Libc.Send(_descriptor, bytes.Span);
            if (sent >= 0)
            {
                bytes = bytes[sent..];
                continue;
            }

            var error = Libc.Error;
            if (error == Libc.WouldBlock) break;
            if (error != Libc.Interrupted) throw Gone();
        }

        return bytes;
    }

    private void Shut(bool linger)
    {
        TaskCompletionSource? failed;
        var drained = false;
        lock (_lock)
        {
            if (_state == LiveState.Gone || (_state == LiveState.Lingering && linger)) return;
            failed = _sending;
            (_sending, _unsent) = (null, default);
            if (linger)
            {
                _state = LiveState.Lingering;
                Libc.EndSending(_descriptor);
                drained = Drain(stackalloc byte[4096]);
                if (!drained) _loop.Linger(this);
            }
            else
            {
                _state = LiveState.Gone;
                _loop.Forget(this);
                Libc.CutAtClose(_descriptor);
                Libc.Close(_descriptor);
            }
        }

        failed?.SetException(Gone());
        if (drained) Finish();
        else TellClosed();
    }

    private void TellClosed()
    {
        ILiveHandler handler;
        lock (_lock)
        {
            if (_told || _owner is not ILiveHandler there) return;
            (_told, handler) = (true, there);
            _owner = null;
        }

        // Not on this thread: whoever closes may hold locks that the handler takes.
        ThreadPool.UnsafeQueueUserWorkItem(static told => told.handler.OnClosed(told.connection), (handler, connection: this), preferLocal: false);
    }

    private static IOException Gone() => new("The connection is gone.");
}
