using System.Buffers;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Transports.Listener;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>
/// A WebSocket straight on its connection. Bytes are read where the connection's loop says so, into a buffer that is held
/// only meanwhile; whatever is sent goes through the viewer's cursor, in order. Of both sides' closings the second ends the
/// connection.
/// </summary>
/// <param name="left">Told once, on the thread pool, when a viewer that began has ended; it ends the connection by <see cref="EndAsync"/>.</param>
internal sealed class LiveSocket(LiveConnection connection, int longestMessageBytes, Action<LiveSocket>? left = null) : ILiveHandler, IEndedSink
{
    private const int ReadBytes = 8 * 1024;

    /// <summary>Then others have their turn.</summary>
    private const int ReadsPerTurn = 8;

    /// <summary>Pings are sent every 15 s of quiet, so this is 30 s after the first of them.</summary>
    private const int MostUnansweredPings = 2;

    private readonly FrameDecoder _decoder = new(longestMessageBytes);
    private Cursor? _cursor;
    private IConversation? _conversation;
    private volatile bool _isWaiting;
    private volatile bool _isDeaf;
    private volatile int _unansweredPings;
    private int _closings;
    private int _begunAndEnded;
    private CloseReason? _reason;
    private bool _isBroken;
    private (int Code, string Detail)? _answer;

    public WireFormat Format => WireFormat.Framed;

    public int Backlog => connection.Backlog;

    /// <summary>What whoever began it has to give back at the end.</summary>
    public Stay Stay { get; private set; }

    /// <summary>Why it ended, once it has: see <see cref="CloseReasons"/>.</summary>
    public string Ending => _reason is null && _isBroken ? CloseReasons.BadMessage : CloseReasons.Name(_reason);

    /// <summary>From now on the viewer is listened to.</summary>
    public void Begin(Cursor cursor, IConversation conversation, Stay stay)
    {
        (_cursor, _conversation, Stay) = (cursor, conversation, stay);
        connection.Attach(this);
        LeaveWithSecond();
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message)
    {
        if (message.Equals(ServerFrame.Ping))
        {
            if (_unansweredPings >= MostUnansweredPings) throw new IOException("The viewer answers no pings.");
            _unansweredPings++;
        }

        return connection.SendAsync(message);
    }

    public void Abort(CloseReason reason) => connection.Abort();

    public void Ended(CloseReason? reason)
    {
        _reason = reason;
        LeaveWithSecond();
    }

    /// <summary>Ends the connection as its viewer has ended: with a close frame, unless there is nobody left to send it to.</summary>
    public async Task EndAsync(Partings partings)
    {
        if (_reason is { } why) await CloseAsync((int)why, why.ToString(), partings);
        else if (_answer is var (code, detail)) await CloseAsync(code, detail, partings);
        else connection.Abort();
    }

    /// <summary>Says goodbye after what is being sent, and ends the connection when the viewer has said it too, or 5 s later.</summary>
    public async Task CloseAsync(int code, string detail, Partings partings)
    {
        _isDeaf = true;
        partings.Add(connection);
        if (_cursor is null) connection.Attach(this);
        else await _cursor.Settled;
        try
        {
            await connection.SendAsync(ServerFrame.Close(code, detail));
        }
        catch (IOException)
        {
            return; // it left first, or was cut
        }

        EndWithSecond();
    }

    public void OnReadable(LiveConnection connection)
    {
        if (_isWaiting) return;
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            for (var reads = 0; reads < ReadsPerTurn; reads++)
            {
                if (_conversation?.Behind is { } caughtUp)
                {
                    Wait(caughtUp);
                    return;
                }

                var received = connection.Receive(buffer);
                if (received == 0) connection.Close();
                if (received < 1) return;
                _unansweredPings = 0;
                Hear(buffer.AsMemory(0, received));

                // It had no more than that (epoll(7), on edge-triggered streams).
                if (received < buffer.Length) return;
            }

            connection.Attach(this);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void OnEnded(LiveConnection connection) => OnReadable(connection);

    public void OnClosed(LiveConnection connection) => _cursor?.End(null);

    private void Hear(Memory<byte> bytes)
    {
        while (_decoder.Read(ref bytes, out var payload) is var heard and not Heard.Nothing)
        {
            switch (heard)
            {
                case Heard.Message:
                    if (!_isDeaf && !_conversation!.Hear(payload)) Leave(CloseCode.BadMessage, "The message is not JSON, or nested too deeply.", isBroken: true);
                    break;
                case Heard.Ping:
                    if (!_isDeaf) _cursor!.Reply(ServerFrame.Pong(payload.Span));
                    break;
                case Heard.Close or Heard.Broken:
                    Leave(_decoder.Code, _decoder.Detail, heard == Heard.Broken);
                    EndWithSecond(); // nothing it says from now on can be understood
                    break;
            }
        }
    }

    private void Leave(int code, string detail, bool isBroken)
    {
        if (_isDeaf) return;
        _isDeaf = true;
        (_answer, _isBroken) = ((code, detail), isBroken);
        _cursor!.End(null);
    }

    // The end may come while it is still being let in.
    private void LeaveWithSecond()
    {
        if (Interlocked.Increment(ref _begunAndEnded) == 2)
            ThreadPool.UnsafeQueueUserWorkItem(static socket => socket.Left(), this, preferLocal: false);
    }

    private void Left() => left?.Invoke(this);

    private void EndWithSecond()
    {
        if (Interlocked.Increment(ref _closings) == 2) connection.Close();
    }

    private void Wait(Task caughtUp)
    {
        _isWaiting = true;
        caughtUp.ContinueWith(
            static (_, socket) => ((LiveSocket)socket!).GoOn(), this, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private void GoOn()
    {
        _isWaiting = false;

        // What has come meanwhile, or the end, is told again, on the loop's thread.
        connection.Attach(this);
    }
}
