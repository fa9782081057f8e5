using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Wire;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>
/// <c>GET /v1/streams/{id}/socket</c> through Kestrel (TLS, kept-alive connections), and with HTTP/2 a CONNECT to it: only the
/// handshake is another.
/// </summary>
internal sealed class SocketEndpoint(Admittance admittance, FramedSockets sockets)
{
    public async Task HandleAsync(HttpContext http, string id)
    {
        if (!Handshake.IsAsked(http))
        {
            http.Response.Headers.SecWebSocketVersion = Handshake.Version; // RFC 6455, 4.2.2: what would have been understood
            await Problem.WriteAsync(http, Code.BadRequest, "This is a WebSocket: ask for an upgrade.");
            return;
        }

        if (!admittance.MayConnect(http, Transport.WebSocket, out var refusal))
        {
            await Problem.WriteAsync(http, refusal.Code, refusal.Detail, refusal.RetryAfter);
            return;
        }

        // How slow is too slow the cursor says.
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        await sockets.OpenAsync(await Handshake.AcceptAsync(http), http, id);
    }
}
