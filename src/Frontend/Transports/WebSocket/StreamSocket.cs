using System.Buffers;
using System.Net.Sockets;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>A WebSocket on a stream that Kestrel gave (TLS, HTTP/2, connections that were kept alive), for as long as the request lasts.</summary>
/// <param name="socket">What the stream's bytes leave by; null: not known.</param>
/// <param name="abort">Cuts what the stream is on.</param>
/// <param name="left">See <see cref="FramedSocket"/>.</param>
internal sealed class StreamSocket(Stream stream, Socket? socket, Action abort, int longestMessageBytes, Action<FramedSocket>? left = null)
    : FramedSocket(longestMessageBytes, left), IDisposable
{
    private const int ReadBytes = 8 * 1024;

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _ended = new();
    private bool _isLetGo;

    public override bool IsOpen => !_ended.IsCancellationRequested;

    public override int Backlog => ViewerSockets.Backlog(socket);

    public override long Arrived => ViewerSockets.Arrived(socket);

    /// <summary>Reads what comes until the connection has ended, and nothing more is being sent.</summary>
    public async Task RunAsync()
    {
        try
        {
            await ListenAsync(_ended.Token);
            HearEnd();
            await Task.Delay(Timeout.InfiniteTimeSpan, _ended.Token);
        }
        catch (Exception over) when (over is IOException or OperationCanceledException)
        {
            // The connection broke, or was ended here.
        }
        finally
        {
            Gone(); // which cuts it, unless both sides have closed
        }

        if (Visit.Cursor is { } cursor) await cursor.Settled;
    }

    /// <summary>Leaves the stream alone from now on, whoever still asks: with HTTP/2 it may soon be another request's.</summary>
    public void Dispose()
    {
        lock (_lock) _isLetGo = true;
        _ended.Dispose();
    }

    public override void Cut()
    {
        lock (_lock)
        {
            if (_isLetGo) return;
            abort();
            _ = _ended.CancelAsync();
        }
    }

    protected override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        lock (_lock)
        {
            if (_isLetGo) throw new IOException("The connection is gone.");
            return stream.WriteAsync(bytes);
        }
    }

    protected override void Listen()
    {
        // RunAsync does.
    }

    protected override void Close()
    {
        lock (_lock)
        {
            if (!_isLetGo) _ = _ended.CancelAsync();
        }
    }

    private async Task ListenAsync(CancellationToken ended)
    {
        while (true)
        {
            _ = await stream.ReadAsync(Memory<byte>.Empty, ended); // waits without a buffer
            await CatchUpAsync(ended);
            var buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);
            try
            {
                var received = await stream.ReadAsync(buffer, ended);
                if (received == 0) return;
                var bytes = buffer.AsMemory(0, received);
                while (HearNext(ref bytes)) await CatchUpAsync(ended); // a send may take a while here without the viewer being slow
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private async ValueTask CatchUpAsync(CancellationToken ended)
    {
        while (Behind is { } caughtUp)
        {
            if (caughtUp.IsCompleted) await Task.Yield(); // the next reply is being sent
            else await caughtUp.WaitAsync(ended);
        }
    }
}
