using System.Net.WebSockets;
using Interactions.Frontend.Fanout;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>Text messages over the framework's WebSocket.</summary>
internal sealed class WebSocketSink(System.Net.WebSockets.WebSocket socket) : ISink
{
    public WireFormat Format => WireFormat.Tagged;

    public ValueTask SendAsync(ReadOnlyMemory<byte> message) =>
        socket.SendAsync(message, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, CancellationToken.None);

    public void Abort(CloseReason reason) => socket.Abort();
}
