using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Settings;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Transports.Listener;
using Interactions.Frontend.Wire;
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
    private readonly ClosingSockets _closing;
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
        ClosingSockets closing,
        Pings pings,
        ConnectionLog log,
        TimeProvider time)
    {
        (_admittance, _gate, _rooms, _sender, _limits, _closing, _time) = (admittance, gate, rooms, sender, limits, closing, time);
        (_pings, _log) = (pings, log);
        _left = Left;
    }

    /// <summary>Lets the request's viewer in, or closes; nothing here lasts as long as its visit. Never throws.</summary>
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

    private async Task OpenAsync(FramedSocket socket, HttpContext http, string stream)
    {
        var (admitted, refusal) = await _admittance.AdmitAsync(http, Transport.WebSocket, stream, http.Request.Query["position"].ToString());
        if (admitted is { } someone)
        {
            if (await ServeAsync(socket, stream, someone) is not { } failed) return;
            refusal = failed;
        }

        await socket.CloseAsync(CloseCode.Of(refusal.Code), refusal.Detail, _closing);
    }

    /// <returns>Why the viewer can't be served; null: it is.</returns>
    private async Task<Refusal?> ServeAsync(FramedSocket socket, string stream, Admitted admitted)
    {
        try
        {
            var cursor = Visit.CursorOf(socket, admitted, _time);
            if (await Visit.BeginAsync(_rooms, stream, cursor, admitted, CancellationToken.None) is not { } visit) return Refusal.NoSuchStream;
            socket.Begin(new Conversation(visit, _gate, _sender, _pings, admitted.Identity), visit);
            return null;
        }
        catch (Exception failed)
        {
            if (Failure.CodeOf(failed) == Code.Internal) _log.Broken(Transport.WebSocket, failed);
            return Refusal.Of(failed);
        }
    }

    private void Left(FramedSocket socket)
    {
        socket.Visit.End(socket.Ending);
        _ = socket.EndAsync(_closing);
    }
}
