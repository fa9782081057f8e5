using System.Buffers;
using Interactions.Frontend.Transports.Listener;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>A WebSocket straight on its connection. Bytes are read where the connection's loop says so, into a buffer that is held only meanwhile.</summary>
/// <param name="left">See <see cref="FramedSocket"/>.</param>
internal sealed class LiveSocket(LiveConnection connection, int longestMessageBytes, Action<FramedSocket>? left = null)
    : FramedSocket(longestMessageBytes, left), ILiveHandler
{
    private const int ReadBytes = 8 * 1024;

    /// <summary>Then others have their turn.</summary>
    private const int ReadsPerTurn = 8;

    private volatile bool _isWaiting;

    public override bool IsOpen => connection.IsOpen;

    public override int Backlog => connection.Backlog;

    public override long Arrived => connection.Arrived;

    public override void Cut() => connection.Abort();

    public void OnReadable(LiveConnection connection)
    {
        if (_isWaiting) return;
        var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            for (var reads = 0; reads < ReadsPerTurn; reads++)
            {
                if (Behind is { } caughtUp)
                {
                    Wait(caughtUp);
                    return;
                }

                var received = connection.Receive(buffer);
                if (received == 0) HearEnd();
                if (received < 1) return;
                var bytes = buffer.AsMemory(0, received);
                while (HearNext(ref bytes))
                {
                    // What has come by one read is heard whole.
                }

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

    public void OnClosed(LiveConnection connection) => Gone();

    protected override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => connection.SendAsync(bytes);

    protected override void Listen() => connection.Attach(this);

    protected override void Close() => connection.Close();

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
