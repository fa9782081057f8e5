using System.Net.WebSockets;

namespace Interactions.LoadTests.Clients;

/// <summary>Watches over a WebSocket of the service's own subprotocol.</summary>
internal sealed class WebSocketSource(Uri baseAddress, string stream, string token) : IFrameSource
{
    public string Transport => "websocket";

    public async Task WatchAsync(string? position, IMessageHandler handler, CancellationToken cancellationToken)
    {
        using var socket = await SocketAddress.ConnectAsync(baseAddress, stream, token, position, cancellationToken);
        var buffer = new MessageBuffer();
        while (await buffer.ReceiveAsync(socket, cancellationToken))
        {
            handler.OnMessage(MessageKind.Other, buffer.Message);
            if (handler.NextToSend() is { IsEmpty: false } message) await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
    }
}
