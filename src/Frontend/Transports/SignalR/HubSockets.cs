using Interactions.Frontend.Admission;
using Interactions.Frontend.Transports.WebSocket;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.SignalR;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// SignalR's hub over WebSockets of our own: SignalR's has two pipes, two loops and a frame writer between the hub and the server's
/// connection, which cost more than the frames. What follows on HTTP/2, server-sent events and long polling are SignalR's. A connection that was
/// negotiated is not looked up: the identity is asked for here as at the negotiation, so that it can be on another node.
/// </summary>
internal sealed class HubSockets(HubConnectionHandler<InteractionsHub> hub, LimitOptions limits)
{
    public const string Path = "/hubs/interactions";

    public static bool Serves(HttpContext http)
    {
        var headers = http.Request.Headers;
        return HttpMethods.IsGet(http.Request.Method)
            && http.Request.Path == Path
            && http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            && Handshake.IsAsked(headers.Connection.ToString(), headers.Upgrade.ToString(), headers.SecWebSocketVersion.ToString(), headers.SecWebSocketKey.ToString());
    }

    /// <summary>Returns when the connection is over.</summary>
    public async Task ServeAsync(HttpContext http)
    {
        // Whoever is slow is a stalled viewer, and the room's to end.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        http.Response.Headers.Upgrade = "websocket";
        http.Response.Headers.SecWebSocketAccept = Handshake.Accept(http.Request.Headers.SecWebSocketKey.ToString());
        var socket = new HubSocket(http, await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync(), limits.BodyBytes);
        var listening = socket.ListenAsync();
        try
        {
            await hub.OnConnectedAsync(socket);
        }
        finally
        {
            await socket.CloseAsync(listening);
        }
    }
}
