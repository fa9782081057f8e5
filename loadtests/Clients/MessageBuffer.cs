using System.Net.WebSockets;

namespace Interactions.LoadTests.Clients;

/// <summary>Receives whole WebSocket messages into one buffer that grows as needed.</summary>
internal sealed class MessageBuffer(int bytes = 4096)
{
    private byte[] _buffer = new byte[bytes];
    private int _length;

    /// <summary>Valid until the next receive.</summary>
    public ReadOnlySpan<byte> Message => _buffer.AsSpan(0, _length);

    /// <returns>False when the other side closed.</returns>
    public async ValueTask<bool> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        _length = 0;
        while (true)
        {
            if (_length == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
            var received = await socket.ReceiveAsync(_buffer.AsMemory(_length), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close) return false;
            _length += received.Count;
            if (received.EndOfMessage) return true;
        }
    }
}
