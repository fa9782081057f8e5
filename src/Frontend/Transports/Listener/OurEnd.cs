using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Interactions.Frontend.Transports.Listener;

/// <summary>
/// How a connection that Kestrel serves ends from our side. Kestrel closes its socket behind the last answer. What the client sends then, or
/// has sent and nobody has read, is answered by the system with a reset, which destroys what the client has not received yet (RFC 9112, 9.6).
/// So the connection is half-closed first: what was sent is delivered, then FIN; and until the client has ended too, what it still sends is
/// read and dropped. <see cref="LiveConnection.Close"/> does the same without Kestrel.
/// </summary>
internal static class OurEnd
{
    /// <summary>A client that has not ended by then is cut; as long as <see cref="LiveConnection.Close"/> waits.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(5);

    /// <summary>Who sends more than this behind the end does not stop by itself.</summary>
    private const long MostDroppedBytes = 16 << 20;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Middleware that stands before all other.</summary>
    public static ConnectionDelegate Before(ConnectionDelegate next) => connection =>
        connection.Features.Get<IConnectionSocketFeature>()?.Socket is { ProtocolType: ProtocolType.Tcp } socket && OperatingSystem.IsLinux()
            ? ServeAsync(connection, socket, next)
            : next(connection);

    private static async Task ServeAsync(ConnectionContext connection, Socket socket, ConnectionDelegate next)
    {
        var transport = connection.Transport;
        var output = new CountedOutput(transport.Output);
        connection.Transport = new Ends(new OpenInput(transport.Input), output);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }

        try
        {
            using var late = new CancellationTokenSource(Within);
            if (!await IsSentAsync(connection, socket, output.Bytes, late.Token)) return;
            socket.Shutdown(SocketShutdown.Send);
            await DropAsync(transport.Input, late.Token);
        }
        catch (Exception over) when (over is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It broke, was cut, or takes too long: Kestrel closes it.
        }
    }

    /// <summary>Waits until the socket has taken what was written; a pipe does not tell.</summary>
    /// <returns>False: the connection is gone, or it can't be known.</returns>
    private static async ValueTask<bool> IsSentAsync(ConnectionContext connection, Socket socket, long bytes, CancellationToken cancellationToken)
    {
        for (var pause = TimeSpan.FromMilliseconds(1); !connection.ConnectionClosed.IsCancellationRequested; pause *= 2)
        {
            // In this order: what is acknowledged between the two is counted by neither.
            var taken = ViewerSockets.Arrived(socket);
            taken += ViewerSockets.Backlog(socket);
            if (taken >= bytes) return true;
            if (taken == 0 && pause > LongestPause) return false;
            await Task.Delay(pause < LongestPause ? pause : LongestPause, cancellationToken);
        }

        return false;
    }

    private static async ValueTask DropAsync(PipeReader input, CancellationToken cancellationToken)
    {
        for (var dropped = 0L; dropped < MostDroppedBytes;)
        {
            var read = await input.ReadAsync(cancellationToken);
            dropped += read.Buffer.Length;
            input.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Can be read on when Kestrel is through with it.</summary>
    private sealed class OpenInput(PipeReader inner) : PipeReader
    {
        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

        public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null)
        {
            // The connection does, when it is disposed of.
        }
    }

    /// <summary>Counts what is written, and stays open when Kestrel is through with it: its end would close the socket.</summary>
    private sealed class CountedOutput(PipeWriter inner) : PipeWriter
    {
        public long Bytes { get; private set; }

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override void Advance(int bytes)
        {
            Bytes += bytes;
            inner.Advance(bytes);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            Bytes += source.Length;
            return inner.WriteAsync(source, cancellationToken);
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null)
        {
            // The connection does, when it is disposed of.
        }
    }
}
