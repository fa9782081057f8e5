using System.Globalization;
using System.Text;
using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Interactions.Frontend.Transports.Sse;

/// <summary><c>GET /v1/streams/{id}/events</c>: a snapshot or one catch-up frame, then frames, until someone leaves.</summary>
internal sealed class EventsEndpoint(Gatekeeper gate, Rooms rooms, TimeProvider time, FrontendMetrics metrics, ConnectionLog log)
{
    public async Task HandleAsync(HttpContext http, string id)
    {
        if (!gate.AllowsOrigin(http))
        {
            await Problem.WriteAsync(http, Code.Forbidden, "This origin is not allowed.");
            return;
        }

        if (!gate.TryWatch(http, id, out var identity, out var refusal))
        {
            log.Refused(Transport.Sse, refusal.Code);
            await Problem.WriteAsync(http, refusal.Code, refusal.Detail);
            return;
        }

        var resume = http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : http.Request.Query["position"].ToString();
        Position? position = Position.TryParse(resume, out var place) ? place : null;

        var sink = new SseSink(http.Response.BodyWriter, http.Abort);
        var cursor = new Cursor(sink, position, identity?.User, identity?.Name, identity?.ExpiresAtMs ?? long.MaxValue, time);
        if (!gate.Exists(id))
        {
            await Problem.WriteAsync(http, Code.NotFound, "There is no such stream.");
            return;
        }

        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate) rate.MinDataRate = null;
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";

        // Jittered per connection, so that viewers who are cut together come back apart.
        var retry = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {Random.Shared.Next(1000, 5000)}\n\n"));
        await http.Response.BodyWriter.WriteAsync(retry, http.RequestAborted);

        using var left = http.RequestAborted.UnsafeRegister(static cursor => ((Cursor)cursor!).End(null), cursor);
        if (await rooms.EnterAsync(id, cursor, http.RequestAborted) is not { } room) return;
        metrics.ConnectionOpened("sse");
        CloseReason? reason = null;
        try
        {
            reason = await cursor.Ended;
        }
        finally
        {
            room.Leave(cursor);
            metrics.ConnectionClosed("sse", CloseReasons.Name(reason));
            log.Closed(Transport.Sse, id, CloseReasons.Name(reason));
        }

        await cursor.Settled;
    }
}
