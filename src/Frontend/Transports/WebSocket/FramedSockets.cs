using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Transports.Listener;
using Microsoft.AspNetCore.Connections.Features;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>
/// Viewers on <c>/v1/streams/{id}/socket</c> once the handshake is done, whichever way they came. What fails from here on is told
/// by a close code: a browser sees no other answer.
/// </summary>
internal sealed class FramedSockets
{
    private readonly Admittance _admittance;
    private readonly Gatekeeper _gate;
    private readonly Rooms _rooms;
    private readonly Sender _sender;
    private readonly LimitOptions _limits;
    private readonly Partings _partings;
    private readonly FrontendMetrics _metrics;
    private readonly Pings _pings;
    private readonly ConnectionLog _log;
    private readonly TimeProvider _time;
    private readonly Action<FramedSocket> _left;

    public FramedSockets(
        Admittance admittance,
        Gatekeeper gate,
        Rooms rooms,
        Sender sender,
        LimitOptions limits,
        Partings partings,
        Pings pings,
        FrontendMetrics metrics,
        ConnectionLog log,
        TimeProvider time)
    {
        (_admittance, _gate, _rooms, _sender, _limits, _partings, _time) = (admittance, gate, rooms, sender, limits, partings, time);
        (_pings, _metrics, _log) = (pings, metrics, log);
        _left = Left;
    }

    /// <summary>Lets the request's viewer in, or closes; nothing here lasts as long as its stay. Never throws.</summary>
    public Task OpenAsync(LiveConnection connection, HttpContext http, string stream) =>
        OpenAsync(new LiveSocket(connection, _limits.BodyBytes, _left), http, stream);

    /// <summary>As the other, and stays until the connection has ended.</summary>
    public async Task OpenAsync(Stream bytes, HttpContext http, string stream)
    {
        using var socket = new StreamSocket(
            bytes, http.Features.Get<IConnectionSocketFeature>()?.Socket, http.Abort, _limits.BodyBytes, _left);
        await OpenAsync(socket, http, stream);
        await socket.RunAsync();
    }

    private Task OpenAsync(FramedSocket socket, HttpContext http, string stream) =>
        _admittance.TryAdmit(http, Transport.WebSocket, stream, http.Request.Query["position"].ToString(), out var admitted, out var refusal)
            ? ServeAsync(socket, stream, admitted)
            : socket.CloseAsync(CloseCode.Of(refusal.Code), refusal.Detail, _partings);

    private async Task ServeAsync(FramedSocket socket, string stream, Admitted admitted)
    {
        var identity = admitted.Identity;
        var isIn = false;
        try
        {
            var cursor = new Cursor(socket, admitted.Position, identity?.User, identity?.Name, identity?.ExpiresAtMs ?? long.MaxValue, _time);
            if (await EnterAsync(stream, cursor, identity) is { } room)
            {
                isIn = true;
                _metrics.ConnectionOpened("websocket");
                var stay = new Stay(cursor, room, admitted.Permit);
                socket.Begin(new Conversation(stay, _gate, _sender, _pings, identity), stay);
                return;
            }
        }
        catch (LogDamagedException)
        {
            await socket.CloseAsync(CloseCode.Of(Code.Damaged), Code.Damaged.Info().Meaning, _partings);
            return;
        }
        finally
        {
            if (!isIn) admitted.Permit?.Dispose();
        }

        var (code, detail) = _gate.Exists(stream)
            ? (CloseCode.Of(CloseReason.GoingAway).Code, "The stream can't be opened now.")
            : CloseCode.Of(CloseReason.NotFound);
        await socket.CloseAsync(code, detail, _partings);
    }

    private async ValueTask<Room?> EnterAsync(string stream, Cursor cursor, Identity? identity)
    {
        try
        {
            return await _rooms.EnterAsync(stream, cursor, identity, CancellationToken.None);
        }
        catch (Exception failed) when (failed is LogUnavailableException or LogFullException or TimeoutException)
        {
            return null;
        }
    }

    private void Left(FramedSocket socket)
    {
        var (cursor, room, permit) = socket.Stay;
        room.Leave(cursor);
        permit?.Dispose();
        _metrics.ConnectionClosed("websocket", socket.Ending);
        _log.Closed(Transport.WebSocket, room.Stream.Id, socket.Ending);
        _ = socket.EndAsync(_partings);
    }
}
