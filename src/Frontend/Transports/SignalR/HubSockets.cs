using System.Net.Sockets;
using Interactions.Frontend.Settings;
using Interactions.Frontend.Transports.WebSocket;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.SignalR;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// The hub over WebSockets of our own. SignalR's put two pipes, two loops and the server's own pipe between a frame and its socket,
/// which cost more than sending it. Everything else is SignalR's: the hub's protocol, WebSockets on HTTP/2, event streams, long polling.
/// A connection that was negotiated is not looked up, for who it is was asked anew; so it may have been negotiated at another node.
/// </summary>
internal sealed class HubSockets(IServiceProvider services, LimitOptions limits)
{
    public const string Path = "/hubs/interactions";

    // Made when someone comes: see HubRoute.
    private readonly Lazy<HubConnectionHandler<InteractionsHub>> _hub = new(services.GetRequiredService<HubConnectionHandler<InteractionsHub>>);

    public static bool Serves(HttpContext http) =>
        http.Request.Path == Path && HttpMethods.IsGet(http.Request.Method) && Handshake.IsAsked(http);

    /// <summary>Returns when the connection is over.</summary>
    public async Task ServeAsync(HttpContext http)
    {
        // Whoever is slow is a stalled viewer, and the room's to end.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        http.Response.Headers.Upgrade = "websocket";
        http.Response.Headers.SecWebSocketAccept = Handshake.Accept(http.Request.Headers.SecWebSocketKey.ToString());
        var stream = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();

        // Nothing overtakes the answer to the upgrade, which the server still has to send: the hub writes nothing before it was spoken
        // to, and a client does not speak before it has that answer (RFC 6455, 4.1). One that did is written to behind the answer.
        var first = stream.ReadAsync(Memory<byte>.Empty);
        var socket = new HubSocket(http, stream, first.IsCompleted ? null : Plain(http), limits.BodyBytes);
        var listening = socket.ListenAsync(first);
        try
        {
            await _hub.Value.OnConnectedAsync(socket);
        }
        finally
        {
            await socket.CloseAsync(listening);
        }
    }

    /// <summary>The connection's socket, unless there is something between it and the stream.</summary>
    private static Socket? Plain(HttpContext http) =>
        http.Features.Get<ITlsHandshakeFeature>() is null ? http.Features.Get<IConnectionSocketFeature>()?.Socket : null;
}
