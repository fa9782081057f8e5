using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>
/// A viewer's WebSocket, on whatever carries its bytes: what comes is given to <see cref="HearNext"/>, and whatever is sent goes
/// through the viewer's cursor, in order. Of both sides' closings the second ends the connection.
/// </summary>
/// <param name="left">Told once, on the thread pool, when a viewer that began has ended; it ends the connection by <see cref="EndAsync"/>.</param>
internal abstract class FramedSocket(int longestMessageBytes, Action<FramedSocket>? left) : IEndedSink
{
    /// <summary>Pings are sent every 15 s of quiet, so this is 30 s after the first of them.</summary>
    private const int MostUnansweredPings = 2;

    private const int OurClosing = 1;
    private const int TheirClosing = 2;
    private const int BothClosings = OurClosing | TheirClosing;

    /// <summary>How long the answers to one that has left may take to be sent, all together.</summary>
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(5);

    private readonly FrameDecoder _decoder = new(longestMessageBytes);
    private IConversation? _conversation;
    private volatile bool _isDeaf;
    private bool _isBroken;
    private bool _isSilent;
    private volatile int _unansweredPings;
    private int _closings;
    private int _begunAndEnded;
    private CloseReason? _reason;
    private (int Code, string Detail)? _answer;

    public WireFormat Format => WireFormat.Framed;

    /// <summary>What whoever began it has to give back at the end; empty until it begins.</summary>
    public Visit Visit { get; private set; }

    /// <summary>Why it ended, once it has: see <see cref="CloseReasons"/>.</summary>
    public string Ending => _reason is not null ? CloseReasons.Name(_reason) : _isBroken ? CloseReasons.BadMessage : _isSilent ? CloseReasons.NoProgress : CloseReasons.Left;

    /// <summary>Whether bytes can still be sent.</summary>
    public abstract bool IsOpen { get; }

    public abstract int Backlog { get; }

    public abstract long Arrived { get; }

    /// <summary>Not null: so much is unanswered, or answered and not sent, that no more should be heard until this completes; ask again then.</summary>
    protected Task? Behind => _conversation?.Behind ?? (Visit.Cursor is { HasReplies: true } cursor ? cursor.Settled : null);

    /// <summary>From now on the viewer is listened to.</summary>
    public void Begin(IConversation conversation, Visit visit)
    {
        (_conversation, Visit) = (conversation, visit);
        Listen();
        LeaveWithSecond();
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message)
    {
        if (message.Equals(ServerFrame.Ping))
        {
            _isSilent = _unansweredPings >= MostUnansweredPings;
            if (_isSilent) throw new IOException("The viewer answers no pings.");
            _unansweredPings++;
        }

        return WriteAsync(message);
    }

    public void Abort(CloseReason reason) => Cut();

    public void Ended(CloseReason? reason)
    {
        _reason = reason;
        LeaveWithSecond();
    }

    /// <summary>Ends the connection as its viewer has ended: with a close frame, unless there is nobody left to send it to.</summary>
    public async Task EndAsync(ClosingSockets closing)
    {
        var farewell = _reason is { } why ? CloseCode.Of(why) : _answer;
        if (farewell is var (code, detail)) await CloseAsync(code, detail, closing);
        else Cut();
    }

    /// <summary>Says goodbye after what is being sent, and ends the connection when the viewer has said it too, or 5 s later.</summary>
    public async Task CloseAsync(int code, string detail, ClosingSockets closing)
    {
        _isDeaf = true;
        closing.Add(this);
        if (_conversation is null) Listen();
        else await Visit.Cursor.Settled;
        try
        {
            await WriteAsync(ServerFrame.Close(code, detail));
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            return; // it left first, or was cut
        }

        EndWithBoth(OurClosing);
    }

    /// <summary>Ends the connection at once; a pending send fails. May be called more than once, and at any time.</summary>
    public abstract void Cut();

    /// <summary>As <see cref="ISink.SendAsync"/>, any bytes.</summary>
    protected abstract ValueTask WriteAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>What comes is heard from now on, and what has come before.</summary>
    protected abstract void Listen();

    /// <summary>Ends the connection after all that was sent.</summary>
    protected abstract void Close();

    /// <summary>Takes the next of what the viewer sent. One call at a time.</summary>
    /// <param name="bytes">Shortened by what was taken, and unmasked in place; not needed any more when this returns.</param>
    /// <returns>False: all are taken.</returns>
    protected bool HearNext(ref Memory<byte> bytes)
    {
        _unansweredPings = 0;
        var heard = _decoder.Read(ref bytes, out var payload);
        switch (heard)
        {
            case DecodedFrame.Message:
                if (!_isDeaf && !_conversation!.Hear(payload)) Leave(CloseCode.BadMessage, "The message is not JSON, or nested too deeply.", isBroken: true);
                break;
            case DecodedFrame.Ping:
                if (!_isDeaf) Visit.Cursor.Reply(ServerFrame.Pong(payload.Span));
                break;
            case DecodedFrame.Close or DecodedFrame.Broken:
                Leave(_decoder.Code, _decoder.Detail, heard == DecodedFrame.Broken);
                EndWithBoth(TheirClosing); // nothing it says from now on can be understood
                break;
        }

        return heard != DecodedFrame.Nothing;
    }

    /// <summary>The viewer sends no more. What it sent is answered before the connection ends. May be called more than once.</summary>
    protected void HearEnd()
    {
        Leave(CloseCode.Normal, "", isBroken: false);
        EndWithBoth(TheirClosing);
    }

    /// <summary>The connection is over, whoever ended it.</summary>
    protected void Gone()
    {
        if (_conversation is not null) Visit.Cursor.End(null);
    }

    private void Leave(int code, string detail, bool isBroken)
    {
        if (_isDeaf) return;
        _isDeaf = true;
        (_answer, _isBroken) = ((code, detail), isBroken);
        var answered = _conversation!.Answered;
        if (answered.IsCompleted && !Visit.Cursor.HasReplies) Visit.Cursor.End(null);
        else _ = EndAnsweredAsync(answered);
    }

    // An end drops the answers that wait for their turn.
    private async Task EndAnsweredAsync(Task answered)
    {
        var cursor = Visit.Cursor;
        try
        {
            await answered;
            using var late = new CancellationTokenSource(AnswersWithin);
            while (cursor.HasReplies)
            {
                late.Token.ThrowIfCancellationRequested();
                if (cursor.Settled is { IsCompleted: false } settled) await settled.WaitAsync(late.Token);
                else await Task.Yield(); // the next is being sent
            }
        }
        catch (OperationCanceledException)
        {
            // It does not read them, or too slowly.
        }

        cursor.End(null);
    }

    // The end may come while it is still being let in.
    private void LeaveWithSecond()
    {
        if (Interlocked.Increment(ref _begunAndEnded) == 2)
            ThreadPool.UnsafeQueueUserWorkItem(static socket => socket.Left(), this, preferLocal: false);
    }

    private void Left() => left?.Invoke(this);

    private void EndWithBoth(int closing)
    {
        var before = Interlocked.Or(ref _closings, closing);
        if (before != BothClosings && (before | closing) == BothClosings) Close();
    }
}
