using System.Net.WebSockets;
using System.Text;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>Where a stream's WebSocket is, and how a whole message is read from it.</summary>
internal static class SocketAddress
{
    public static Uri Of(ServiceProcess service, string stream, string? token, string? position = null) => Of(service.Address, stream, token, position);

    public static Uri Of(Uri service, string stream, string? token, string? position = null)
    {
        var query = new List<string>();
        if (token is not null) query.Add("access_token=" + Uri.EscapeDataString(token));
        if (position is not null) query.Add("position=" + Uri.EscapeDataString(position));
        return new UriBuilder(new Uri(service, $"v1/streams/{stream}/socket")) { Scheme = service.Scheme == "https" ? "wss" : "ws", Query = string.Join('&', query) }.Uri;
    }

    /// <summary>One text message; null when the socket was closed.</summary>
    public static async Task<string?> ReceiveTextAsync(ClientWebSocket socket, byte[] buffer, CancellationToken cancellationToken)
    {
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close) return null;
            length += part.Count;
            if (part.EndOfMessage) return Encoding.UTF8.GetString(buffer, 0, length);
        }
    }
}
