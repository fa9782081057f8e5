using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// Each flush is one text message on a WebSocket. The hub writes one at a time; control frames may come in between, from any
/// thread, and take turns with it. The message's head is put right before what was written, so that both are sent at once:
/// <code>
/// | unused | head, 2 to 10 bytes | payload |
///          0..8                 10
/// </code>
/// </summary>
/// <param name="socket">What is under the stream, if it can be written to directly: nothing that waits is copied then.</param>
internal sealed class HubWriter(Stream stream, Socket? socket) : PipeWriter
{
    private readonly Lock _turn = new();
    private Task _sending = Task.CompletedTask;
    private byte[]? _buffer;
    private int _end = ServerFrame.LongestHeadBytes;

    /// <summary>Whether the wire has not taken all yet.</summary>
    public bool IsSending => !Volatile.Read(ref _sending).IsCompleted;

    /// <summary>Returns at a moment when the wire has taken all, or never will.</summary>
    public async Task CatchUpAsync()
    {
        while (IsSending) await Volatile.Read(ref _sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override void Advance(int bytes) => _end += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        var needed = _end + Math.Max(sizeHint, 1);
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(needed);
        }
        else if (_buffer.Length < needed)
        {
            // The pool's sizes are powers of two, so this grows by doubling.
            var larger = ArrayPool<byte>.Shared.Rent(needed);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_end);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        source.Span.CopyTo(GetSpan(source.Length));
        Advance(source.Length);
        return FlushAsync(cancellationToken);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_buffer is not { } buffer || _end == ServerFrame.LongestHeadBytes) return default;
        var length = _end - ServerFrame.LongestHeadBytes;
        var head = ServerFrame.HeadBytes(length);
        var start = ServerFrame.LongestHeadBytes - head;
        ServerFrame.WriteHead(buffer.AsSpan(start, head), Opcode.Text, length);
        var message = buffer.AsMemory(start.._end);
        (_buffer, _end) = (null, ServerFrame.LongestHeadBytes);
        ValueTask sending;
        try
        {
            sending = SendAsync(message);
        }
        catch (Exception gone) when (IsGone(gone))
        {
            sending = ValueTask.FromException(gone);
        }

        if (!sending.IsCompletedSuccessfully) return FlushedAsync(sending, buffer);
        ArrayPool<byte>.Shared.Return(buffer);
        return default;
    }

    /// <summary>Sends a frame as it is, after what is being sent.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> frame)
    {
        lock (_turn)
        {
            if (!_sending.IsCompleted) return new(_sending = AfterAsync(_sending, frame));
            var writing = PushAsync(frame);
            return writing.IsCompletedSuccessfully ? default : new(_sending = writing.AsTask());
        }
    }

    public override void CancelPendingFlush()
    {
        // Only a reconnect that keeps state would ask for it, and there is none.
    }

    public override void Complete(Exception? exception = null)
    {
        // The socket says goodbye, after the hub.
    }

    private static async ValueTask<FlushResult> FlushedAsync(ValueTask sending, byte[] buffer)
    {
        try
        {
            await sending;
            return default;
        }
        catch (Exception gone) when (IsGone(gone))
        {
            // As a pipe has it: whoever leaves is no error, and the hub is told by the end of what is heard.
            return new FlushResult(isCanceled: false, isCompleted: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsGone(Exception failed) => failed is IOException or SocketException or ObjectDisposedException or OperationCanceledException;

    private ValueTask PushAsync(ReadOnlyMemory<byte> frame)
    {
        if (socket is null) return stream.WriteAsync(frame);
        var sending = socket.SendAsync(frame, SocketFlags.None);
        if (!sending.IsCompletedSuccessfully) return RestAsync(socket, sending, frame);
        var sent = sending.Result;
        return sent == frame.Length ? default : RestAsync(socket, new(sent), frame);
    }

    private static async ValueTask RestAsync(Socket socket, ValueTask<int> sending, ReadOnlyMemory<byte> frame)
    {
        while (true)
        {
            frame = frame[await sending..];
            if (frame.IsEmpty) return;
            sending = socket.SendAsync(frame, SocketFlags.None);
        }
    }

    private async Task AfterAsync(Task before, ReadOnlyMemory<byte> frame)
    {
        await before;
        await PushAsync(frame);
    }
}
