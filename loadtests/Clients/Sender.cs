using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Threading.Channels;

namespace Interactions.LoadTests.Clients;

/// <summary>
/// One user's WebSocket: sends what it is handed, in order, without waiting for answers, and matches answers by ref.
/// Being a viewer too, it is also sent every frame; those are read and only counted.
/// </summary>
internal sealed class Sender : IAsyncDisposable
{
    private static readonly TimeSpan ClosedWithin = TimeSpan.FromSeconds(2);

    private readonly Channel<SentItem> _outgoing = Channel.CreateUnbounded<SentItem>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<long, SentItem> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly Task _running;
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unfinished;
    private long _frames;
    private TaskCompletionSource? _idle;

    public Sender(Uri baseAddress, string stream, string token, TimeProvider time)
    {
        _time = time;
        _running = RunAsync(baseAddress, stream, token);
    }

    /// <summary>When the connection is there, or failed.</summary>
    public Task Opened => _open.Task;

    /// <summary>The connection could not be made or broke: what is not answered yet never will be.</summary>
    public bool IsBroken { get; private set; }

    public string? Error { get; private set; }

    public long Frames => Volatile.Read(ref _frames);

    public int Unfinished => Volatile.Read(ref _unfinished);

    public void Send(SentItem item)
    {
        item.HandedOverAt = _time.GetTimestamp();
        Interlocked.Increment(ref _unfinished);
        if (IsBroken || !_outgoing.Writer.TryWrite(item)) Finish();
    }

    /// <summary>Closes once everything is answered, at the latest after <paramref name="within"/>.</summary>
    public async Task CloseAsync(TimeSpan within)
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _idle, idle);
        if (Unfinished == 0 || IsBroken) idle.TrySetResult();
        await idle.Task.WaitAsync(within, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _outgoing.Writer.TryComplete();
        await _running.WaitAsync(ClosedWithin, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync(TimeSpan.Zero);
        _stop.Dispose();
    }

    private async Task RunAsync(Uri baseAddress, string stream, string token)
    {
        try
        {
            using var socket = await SocketAddress.ConnectAsync(baseAddress, stream, token, null, _stop.Token);
            _open.TrySetResult();
            var sending = SendAllAsync(socket);
            try
            {
                var buffer = new MessageBuffer(1024);
                while (await buffer.ReceiveAsync(socket, _stop.Token)) Hear(buffer.Message);
                if (!_outgoing.Reader.Completion.IsCompleted) Error = $"the service closed the connection with {(int?)socket.CloseStatus}";
            }
            finally
            {
                await _stop.CancelAsync();
                await sending;
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException or HttpRequestException)
        {
            if (e is not OperationCanceledException) Error = e.Message;
        }
        finally
        {
            IsBroken = true;
            _outgoing.Writer.TryComplete();
            _open.TrySetResult();
            _idle?.TrySetResult();
        }
    }

    private async Task SendAllAsync(ClientWebSocket socket)
    {
        try
        {
            long reference = 0;
            await foreach (var item in _outgoing.Reader.ReadAllAsync(_stop.Token))
            {
                reference++;
                _waiting[reference] = item;
                item.SentAt = _time.GetTimestamp();
                await socket.SendAsync(Message(reference, item), WebSocketMessageType.Text, true, _stop.Token);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _stop.Token);
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException)
        {
            // The receiving side ends with it and says why.
        }
    }

    private static byte[] Message(long reference, SentItem item) =>
        [.. Encoding.ASCII.GetBytes($"{{\"t\":\"send\",\"ref\":{reference},\"items\":["), .. item.Json.Span, .. "]}"u8];

    private void Hear(ReadOnlySpan<byte> message)
    {
        if (!Acks.MayAnswer(message))
        {
            Volatile.Write(ref _frames, _frames + 1);
            return;
        }

        var stray = Acks.Read(message, _time.GetTimestamp(), reference =>
        {
            if (!_waiting.TryRemove(reference, out var item)) return null;
            Finish();
            return item;
        });
        if (stray is not null) Error = stray;
    }

    private void Finish()
    {
        if (Interlocked.Decrement(ref _unfinished) == 0) _idle?.TrySetResult();
    }
}
