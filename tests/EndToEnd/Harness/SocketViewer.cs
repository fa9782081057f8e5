using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>Watches over a WebSocket and comes back with <c>?position=</c> whenever it is cut off.</summary>
internal sealed class SocketViewer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _service;
    private readonly Action<ClientWebSocketOptions>? _configure;
    private readonly string _stream;
    private readonly string? _token;
    private readonly string? _from;
    private readonly Channel<JsonElement> _others = Channel.CreateUnbounded<JsonElement>();
    private readonly Task _watching;
    private ClientWebSocket? _socket;

    /// <param name="position">Where to go on from; null = from a snapshot.</param>
    public SocketViewer(ServiceProcess service, string stream, string? token = null, string? position = null)
        : this(service.Address, stream, token, position)
    {
    }

    /// <param name="service">The service itself, or what stands in front of it.</param>
    /// <param name="position">Where to go on from; null = from a snapshot.</param>
    /// <param name="configure">Sets up each socket.</param>
    public SocketViewer(Uri service, string stream, string? token, string? position = null, Action<ClientWebSocketOptions>? configure = null)
    {
        (_service, _stream, _token, _from, _configure) = (service, stream, token, position, configure);
        _watching = WatchAsync();
    }

    public Ledger Ledger { get; } = new();

    /// <summary>How often the socket opened.</summary>
    public int Connections { get; private set; }

    /// <summary>Sends a message as it is.</summary>
    public Task SendAsync(object message) => SendTextAsync(JsonSerializer.Serialize(message));

    public Task SendTextAsync(string message) => _socket!.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, _stop.Token);

    /// <summary>The next message that is not a frame.</summary>
    public async Task<JsonElement> NextAsync()
    {
        using var limit = new CancellationTokenSource(Busy.Patience);
        return await _others.Reader.ReadAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _socket?.Dispose();
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ReadAsync();
            }
            catch (WebSocketException)
            {
                // Cut off, or not listening; comes back below.
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }

    private async Task ReadAsync()
    {
        _socket?.Dispose();
        var socket = _socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("interactions.v1.json");
        _configure?.Invoke(socket.Options);
        await socket.ConnectAsync(SocketAddress.Of(_service, _stream, _token, Ledger.Position ?? _from), _stop.Token);
        Connections++;
        var buffer = new byte[1 << 20];
        while (await SocketAddress.ReceiveTextAsync(socket, buffer, _stop.Token) is { } text)
        {
            var message = JsonSerializer.Deserialize<JsonElement>(text);
            var kind = message.GetProperty("t").GetString();
            if (kind is "snapshot" or "frame") Ledger.Take(message, kind == "snapshot");
            else _others.Writer.TryWrite(message);
        }
    }
}
