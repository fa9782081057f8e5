using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Fanout;

/// <summary>What the owner of the sink does: whoever has set <see cref="Busy"/>.</summary>
internal sealed partial class Cursor
{
    /// <returns>Whether the sink took it and is still owned.</returns>
    private bool TrySend(ReadOnlyMemory<byte> bytes, bool isOwn = false)
    {
        if (isOwn && _room is { } room) _sentMs = room.Clock;
        ValueTask sending;
        try
        {
            sending = _sink.SendAsync(bytes);
            if (sending.IsCompletedSuccessfully)
            {
                sending.GetAwaiter().GetResult();
                if (!_wasSentTo) FirstIsSent();
                return true;
            }
        }
        catch (Exception)
        {
            // The connection is gone; the transport is told by the end.
            Break();
            return false;
        }

        var before = Interlocked.Or(ref _state, Stalled);
        _room?.Stalled(+1);
        if ((before & (Ending | Over)) == Ending) Abandon();
        _ = DrainAsync(sending);
        return false;
    }

    private async Task DrainAsync(ValueTask sending)
    {
        var broken = false;
        try
        {
            await sending;
        }
        catch (Exception)
        {
            broken = true;
        }

        if (!broken && !IsPaced && _room is { } room) SetPace(_sink.Backlog, room.Clock);
        TaskCompletionSource? settled = null;
        lock (this)
        {
            Interlocked.And(ref _state, ~Stalled);
            if (_extras is { } extras) (settled, extras.Settled) = (extras.Settled, null);
        }

        _room?.Stalled(-1);
        settled?.TrySetResult();
        if (broken)
        {
            Break();
            return;
        }

        if (!_wasSentTo) FirstIsSent();
        Release();
    }

    private void FirstIsSent()
    {
        _wasSentTo = true;
        Interlocked.MemoryBarrier(); // against EndAfterFirst
        if (_endsAfterFirst) End(null);
    }

    /// <summary>So many bytes are on their way to a viewer that stalled.</summary>
    private void SetPace(int bytes, int nowMs)
    {
        lock (this) (Extras().Pace ??= new()).Sent(bytes, nowMs);
    }

    /// <summary>Sends the replies that wait, says goodbye if the end was asked for, else lets go of the sink.</summary>
    private void Release()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            if ((state & Over) != 0) return;
            if ((state & Waiting) != 0)
            {
                if (!TrySend(NextReply(), isOwn: true)) return;
            }
            else if ((state & Ending) != 0)
            {
                Finish();
                return;
            }
            else if (Interlocked.CompareExchange(ref _state, 0, state) == state)
            {
                // A tick may have passed it by meanwhile.
                _room?.Released(this);
                return;
            }
        }
    }

    private ReadOnlyMemory<byte> NextReply()
    {
        lock (this)
        {
            var extras = _extras!;
            var next = extras.Replies!.Dequeue();
            if (extras.Replies.Count == 0)
            {
                extras.Replies = null;
                Interlocked.And(ref _state, ~Waiting);
            }

            return next;
        }
    }

    private void Finish()
    {
        if ((Interlocked.Or(ref _state, Over) & Over) != 0) return;
        if (_extras!.ReconnectInMs is { } ms) TrySend(Goodbye.Bytes(_format, ms));
        Tell();
    }

    private void Break()
    {
        lock (this)
        {
            if ((Interlocked.Or(ref _state, Ending | Busy | Over) & Over) != 0) return;
        }

        Tell();
    }

    /// <summary>Ends it without an end of what is being sent; also called by others than the owner.</summary>
    private void Abandon()
    {
        if ((Interlocked.Or(ref _state, Over) & Over) != 0) return;
        if (_extras!.Reason is { } why) _sink.Abort(why);
        Tell();
    }

    private void Tell()
    {
        TaskCompletionSource<CloseReason?>? ended;
        CloseReason? reason;
        lock (this)
        {
            Interlocked.Or(ref _state, Told);
            (ended, reason) = (_extras?.Ended, _extras?.Reason);
            if (_extras is not null) _extras.Replies = null;
        }

        ended?.TrySetResult(reason);
        (_sink as IEndedSink)?.Ended(reason);
    }
}
