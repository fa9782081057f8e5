using Interactions.Contracts;

namespace Interactions.Frontend.Fanout;

/// <summary>
/// A viewer: a sink and a position, no queue of frames. While its sink is stalled it is left alone; afterwards one
/// catch-up frame brings it to the head. Replies to the viewer's own messages go out in order between frames.
/// </summary>
internal sealed class Cursor
{
    private readonly Lock _lock = new();
    private readonly ISink _sink;
    private readonly TaskCompletionSource<CloseReason?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private Queue<ReadOnlyMemory<byte>>? _replies;
    private Position _position;
    private bool _stalled;
    private long _sentMs;

    /// <param name="position">Where the viewer is; null = nowhere yet, it gets a snapshot.</param>
    /// <param name="user">Whose; null = anonymous.</param>
    public Cursor(ISink sink, Position? position, string? user, string? name, long expiresAtMs, TimeProvider time)
    {
        (_sink, User, Name, ExpiresAtMs, _time) = (sink, user, name, expiresAtMs, time);
        _position = position ?? Position.Start;
        _sentMs = NowMs;
    }

    public string? User { get; }

    public string? Name { get; }

    public Transport Transport => _sink.Transport;

    public WireFormat Format => _sink.Format;

    /// <summary>Whether quiet connections are sent comment lines (other transports ping by themselves).</summary>
    public bool Heartbeats => _sink.Format == WireFormat.Sse;

    /// <summary>When the viewer's token ends, ms since 1970 UTC; <see cref="long.MaxValue"/> = never.</summary>
    public long ExpiresAtMs { get; set; }

    public Position Position
    {
        get
        {
            lock (_lock) return _position;
        }
    }

    /// <summary>Whether a frame could be sent now.</summary>
    public bool IsReady
    {
        get
        {
            lock (_lock) return !_stalled && !Ended.IsCompleted;
        }
    }

    /// <summary>Completes when the cursor is done: with the server's reason, or null when the connection broke or the client left.</summary>
    public Task<CloseReason?> Ended => _ended.Task;

    /// <summary>Completes when no send is under way any more; await it after <see cref="Ended"/>, before the sink is let go.</summary>
    public Task Settled { get; private set; } = Task.CompletedTask;

    /// <summary>Its place in the room's list.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>Called when a stalled sink takes bytes again.</summary>
    internal Action<Cursor>? Drained { get; set; }

    private long NowMs => _time.GetTimestamp() / (_time.TimestampFrequency / 1000);

    /// <summary>Sends a frame that leads from a position, if the viewer stands there (null: wherever it stands).</summary>
    /// <returns>True when it was handed to the sink.</returns>
    internal bool Offer(Packet packet, Position? from)
    {
        lock (_lock)
        {
            if (_stalled || Ended.IsCompleted || (from is { } place && place != _position)) return false;
            _position = packet.Position;
            if (packet.IsEmpty) return false;
            Send(packet.Bytes(_sink.Format));
            return true;
        }
    }

    /// <summary>Sends a message of its own to this viewer, after what is being sent.</summary>
    /// <returns>False when too many wait: the connection is ended.</returns>
    public bool Reply(ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            if (Ended.IsCompleted) return false;
            if (!_stalled)
            {
                Send(message);
                return true;
            }

            _replies ??= new();
            if (_replies.Count < 1024)
            {
                _replies.Enqueue(message);
                return true;
            }
        }

        End(CloseReason.NoProgress);
        return false;
    }

    /// <summary>Looks after the connection: a heartbeat when it was quiet, an end when it makes no progress.</summary>
    internal void Tend(ReadOnlyMemory<byte> heartbeat, TimeSpan every, TimeSpan stall, long utcNowMs)
    {
        var quiet = NowMs - Volatile.Read(ref _sentMs);
        if (utcNowMs >= ExpiresAtMs) End(CloseReason.TokenExpired, reconnectInMs: 1000);
        else if (_stalled && quiet > stall.TotalMilliseconds) End(CloseReason.NoProgress);
        else if (!heartbeat.IsEmpty && quiet > every.TotalMilliseconds && IsReady) Reply(heartbeat);
    }

    /// <summary>
    /// Ends the cursor. With <paramref name="reconnectInMs"/> the viewer is told goodbye and when to come back, unless it is
    /// stalled: then the sink is aborted.
    /// </summary>
    public void End(CloseReason? reason, int? reconnectInMs = null)
    {
        var stalled = false;
        lock (_lock)
        {
            if (Ended.IsCompleted) return;
            stalled = _stalled;
            if (!stalled && reconnectInMs is { } ms) Send(Goodbye.Bytes(_sink.Format, ms));
            if (!_ended.TrySetResult(reason)) return;
        }

        if (stalled && reason is { } why) _sink.Abort(why);
    }

    // Under the lock.
    private void Send(ReadOnlyMemory<byte> bytes)
    {
        Volatile.Write(ref _sentMs, NowMs);
        ValueTask sending;
        try
        {
            sending = _sink.SendAsync(bytes);
            if (sending.IsCompletedSuccessfully)
            {
                sending.GetAwaiter().GetResult();
                return;
            }
        }
        catch (Exception)
        {
            // The connection is gone; the transport notices by Ended.
            _ended.TrySetResult(null);
            return;
        }

        _stalled = true;
        Settled = DrainAsync(sending);
    }

    private async Task DrainAsync(ValueTask sending)
    {
        try
        {
            await sending;
            while (true)
            {
                ReadOnlyMemory<byte> reply;
                lock (_lock)
                {
                    if (_replies is not { Count: > 0 })
                    {
                        _stalled = false;
                        break;
                    }

                    reply = _replies.Dequeue();
                    Volatile.Write(ref _sentMs, NowMs);
                }

                await _sink.SendAsync(reply);
            }
        }
        catch (Exception)
        {
            _ended.TrySetResult(null);
            return;
        }

        Drained?.Invoke(this);
    }
}
