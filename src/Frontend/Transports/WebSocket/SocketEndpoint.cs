using System.Net.WebSockets;
using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary><c>GET /v1/streams/{id}/socket</c>: frames out, sends and acks both ways. Refusals are close codes, for a browser can't see a status.</summary>
internal sealed class SocketEndpoint(
    Admittance admittance, Gatekeeper gate, Rooms rooms, Sender sender, LimitOptions limits, TimeProvider time, FrontendMetrics metrics, Pings pings, ConnectionLog log)
{
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(5);

    public async Task HandleAsync(HttpContext http, string id)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await Problem.WriteAsync(http, Code.BadRequest, "This is a WebSocket: ask for an upgrade.");
            return;
        }

        if (!admittance.MayConnect(http, Transport.WebSocket, out var refusal))
        {
            await Problem.WriteAsync(http, refusal.Code, refusal.Detail, refusal.RetryAfter);
            return;
        }

        var offered = http.WebSockets.WebSocketRequestedProtocols.Contains(Handshake.Subprotocol);
        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = offered ? Handshake.Subprotocol : null });
        if (!admittance.TryAdmit(http, Transport.WebSocket, id, http.Request.Query["position"].ToString(), out var admitted, out refusal))
        {
            await CloseAsync(socket, CloseCode.Of(refusal.Code), refusal.Detail);
            return;
        }

        using var permit = admitted.Permit;
        var identity = admitted.Identity;
        var cursor = new Cursor(new WebSocketSink(socket), admitted.Position, identity?.User, identity?.Name, identity?.ExpiresAtMs ?? long.MaxValue, time);
        Room? room;
        try
        {
            room = await rooms.EnterAsync(id, cursor, http.RequestAborted);
        }
        catch (Exception failed) when (failed is LogUnavailableException or TimeoutException)
        {
            await CloseAsync(socket, (int)CloseReason.GoingAway, "The stream can't be opened now.");
            return;
        }

        if (room is null)
        {
            await CloseAsync(socket, (int)CloseReason.NotFound, "There is no such stream.");
            return;
        }

        metrics.ConnectionOpened("websocket");
        var conversation = new Conversation(cursor, room.Stream, gate, sender, pings, identity);
        var ended = CloseReasons.Left;
        try
        {
            var listening = UpgradedReader.ListenAsync(socket, conversation, limits.BodyBytes);
            var first = await Task.WhenAny(listening, cursor.Ended);
            if (first == listening)
            {
                var (code, detail) = await listening;
                if (code is not (null or (int)WebSocketCloseStatus.NormalClosure)) ended = CloseReasons.BadMessage;
                cursor.End(null);
                await cursor.Ended;
                await FinishAsync(socket, cursor, code, detail);
            }
            else
            {
                var reason = await cursor.Ended;
                ended = CloseReasons.Name(reason);
                await FinishAsync(socket, cursor, (int?)reason, reason?.ToString() ?? "");
                socket.Abort();
                await listening;
            }
        }
        finally
        {
            room.Leave(cursor);
            metrics.ConnectionClosed("websocket", ended);
            log.Closed(Transport.WebSocket, id, ended);
        }
    }

    private static async Task FinishAsync(System.Net.WebSockets.WebSocket socket, Cursor cursor, int? code, string detail)
    {
        if (code is null) return;
        await Task.WhenAny(cursor.Settled, Task.Delay(CloseWithin));
        if (cursor.Settled.IsCompleted) await CloseAsync(socket, code.Value, detail);
    }

    private static async Task CloseAsync(System.Net.WebSockets.WebSocket socket, int code, string detail)
    {
        using var late = new CancellationTokenSource(CloseWithin);
        try
        {
            if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
            await socket.CloseOutputAsync((WebSocketCloseStatus)code, detail.Length > 100 ? detail[..100] : detail, late.Token);

            // Waiting for the other's close frame lets the code arrive before the connection is cut.
            var scratch = new byte[1024];
            while (socket.State == WebSocketState.CloseSent) await socket.ReceiveAsync(scratch.AsMemory(), late.Token);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException or InvalidOperationException or ObjectDisposedException)
        {
            // It left first.
        }
    }
}
