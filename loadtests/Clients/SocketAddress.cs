using System.Net.WebSockets;

namespace Interactions.LoadTests.Clients;

/// <summary>How a WebSocket of the service is reached.</summary>
internal static class SocketAddress
{
    public const string Subprotocol = "interactions.v1.json";

    public static Uri Of(Uri baseAddress, string pathAndQuery)
    {
        var address = new UriBuilder(new Uri(baseAddress, pathAndQuery));
        address.Scheme = address.Scheme == "https" ? "wss" : "ws";
        return address.Uri;
    }

    public static async Task<ClientWebSocket> ConnectAsync(Uri baseAddress, string stream, string token, string? position, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(Subprotocol);
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        var query = position is null ? "" : $"?position={Uri.EscapeDataString(position)}";
        try
        {
            await socket.ConnectAsync(Of(baseAddress, $"/v1/streams/{stream}/socket{query}"), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
