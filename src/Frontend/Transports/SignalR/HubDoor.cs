using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Transports.Listener;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// Stands before the hub: origin and token are looked at when a connection is asked for, not only at each call. A connection
/// is a request that lasts; it takes from the budget and counts within the caps, as on every other transport.
/// </summary>
internal sealed class HubDoor(RequestDelegate next, Gatekeeper gate, Admittance admittance, HubSockets sockets)
{
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(1);

    public async Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.Path.StartsWithSegments("/hubs") || HttpMethods.IsOptions(http.Request.Method))
        {
            await next(http);
            return;
        }

        // SignalR reads bodies as they are.
        if (!ContentCoding.TryRead(http.Request.Headers.ContentEncoding, out var coding) || coding is not null)
        {
            http.Response.Headers.AcceptEncoding = "identity";
            await Problem.WriteAsync(http, Code.UnsupportedMediaType, "Content-Encoding may only be identity.");
            return;
        }

        var lasts = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsConnect(http.Request.Method); // HTTP/2 asks for a WebSocket by CONNECT
        var begins = lasts || http.Request.Path.Value!.EndsWith("/negotiate", StringComparison.OrdinalIgnoreCase); // which SignalR remembers for 15 s
        var refusal = new Refusal(Code.Forbidden, "This origin is not allowed.");
        ConnectionPermit? permit = null;
        var isWelcome = (begins ? admittance.MayConnect(http, Transport.SignalR, out refusal) : gate.AllowsOrigin(http))
            && gate.TryIdentify(http, out var identity, out refusal)
            && (!lasts || admittance.TryCount(http, identity, out permit, out refusal));
        if (!isWelcome)
        {
            await Problem.WriteAsync(http, refusal.Code, refusal.Detail, refusal.RetryAfter);
            return;
        }

        using (permit) await (HubSockets.Serves(http) ? sockets.ServeAsync(http) : lasts ? LastAsync(http) : next(http));
    }

    // Event streams and long polling: nobody reads on, who would see the client's end. What is answered at once is answered still.
    private async Task LastAsync(HttpContext http)
    {
        using var over = new CancellationTokenSource();
        using var ended = PeerEnd.Of(http).UnsafeRegister(static over => ((CancellationTokenSource)over!).CancelAfter(EndWithin), over);
        using var cut = over.Token.UnsafeRegister(static http => ((HttpContext)http!).Abort(), http);
        await next(http);
    }
}
