using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Transports.Listener;
using Interactions.Frontend.Wire;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Interactions.Frontend.Transports.Sse;

/// <summary>
/// <c>GET /v1/streams/{id}/events</c> through Kestrel (TLS, HTTP/2, kept-alive connections): a snapshot or one catch-up frame,
/// then frames, until someone leaves.
/// </summary>
internal sealed class EventsEndpoint(Admittance admittance, Rooms rooms, TimeProvider time)
{
    public async Task HandleAsync(HttpContext http, string id)
    {
        Admitted? someone = null;
        if (admittance.MayConnect(http, Transport.Sse, out var refusal))
            (someone, refusal) = await admittance.AdmitAsync(http, Transport.Sse, id, EventStream.Resume(http.Request));
        if (someone is not { } admitted)
        {
            await Problem.WriteAsync(http, refusal.Code, refusal.Detail, refusal.RetryAfter);
            return;
        }

        using var permit = admitted.Permit;
        if (HttpMethods.IsHead(http.Request.Method))
        {
            EventStream.Begin(http.Response);
            return;
        }

        var sink = new SseSink(http.Response.BodyWriter, http.Features.Get<IConnectionSocketFeature>()?.Socket, http.Abort);
        var cursor = Visit.CursorOf(sink, admitted, time);
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        await http.Response.BodyWriter.WriteAsync(EventStream.Begin(http.Response), http.RequestAborted);

        using var left = http.RequestAborted.UnsafeRegister(static cursor => ((Cursor)cursor!).End(null), cursor);
        using var ended = PeerEnd.Of(http).UnsafeRegister(static cursor => ((Cursor)cursor!).EndAfterFirst(), cursor);
        if (await Visit.BeginAsync(rooms, id, cursor, admitted, http.RequestAborted) is not { } visit) return;
        await visit.WatchAsync();
        await cursor.Settled;
    }
}
