using Interactions.Contracts.Log;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Transports.Listener;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>
/// <c>GET /v1/streams/{id}/socket</c> straight on the connection, once the request's head was read and found to ask for a
/// WebSocket (<see cref="Handshake.IsAsked"/>). What fails from here on is told by a close code.
/// </summary>
internal sealed class LiveSockets
{
    private readonly Gatekeeper _gate;
    private readonly Rooms _rooms;
    private readonly Sender _sender;
    private readonly LimitOptions _limits;
    private readonly Partings _partings;
    private readonly FrontendMetrics _metrics;
    private readonly Pings _pings;
    private readonly ConnectionLog _log;
    private readonly TimeProvider _time;
    private readonly Action<LiveSocket> _left;

    public LiveSockets(
        Gatekeeper gate, Rooms rooms, Sender sender, LimitOptions limits, Partings partings, Pings pings, FrontendMetrics metrics, ConnectionLog log, TimeProvider time)
    {
        (_gate, _rooms, _sender, _limits, _partings, _time) = (gate, rooms, sender, limits, partings, time);
        (_pings, _metrics, _log) = (pings, metrics, log);
        _left = Left;
    }

    /// <summary>Lets a viewer in who was admitted; nothing here lasts as long as its stay. Never throws.</summary>
    /// <param name="answer">The head that opens the WebSocket.</param>
    public async Task ServeAsync(LiveConnection connection, ReadOnlyMemory<byte> answer, string stream, Admitted admitted)
    {
        var identity = admitted.Identity;
        var isIn = false;
        try
        {
            await connection.SendAsync(answer);
            var socket = new LiveSocket(connection, _limits.BodyBytes, _left);
            var cursor = new Cursor(socket, admitted.Position, identity?.User, identity?.Name, identity?.ExpiresAtMs ?? long.MaxValue, _time);
            if (await EnterAsync(stream, cursor) is { } room)
            {
                isIn = true;
                _metrics.ConnectionOpened("websocket");
                socket.Begin(cursor, new Conversation(cursor, room.Stream, _gate, _sender, _pings, identity), new Stay(cursor, room, admitted.Permit));
                return;
            }

            var (reason, detail) = _gate.Exists(stream)
                ? (CloseReason.GoingAway, "The stream can't be opened now.")
                : (CloseReason.NotFound, "There is no such stream.");
            await socket.CloseAsync((int)reason, detail, _partings);
        }
        catch (IOException)
        {
            connection.Close(); // it left first
        }
        finally
        {
            if (!isIn) admitted.Permit?.Dispose();
        }
    }

    /// <summary>Opens the WebSocket, only to close it with a code: a browser sees no other answer. Never throws.</summary>
    public async Task RefuseAsync(LiveConnection connection, ReadOnlyMemory<byte> answer, Refusal refusal)
    {
        try
        {
            await connection.SendAsync(answer);
            await new LiveSocket(connection, _limits.BodyBytes).CloseAsync(CloseCode.Of(refusal.Code), refusal.Detail, _partings);
        }
        catch (IOException)
        {
            connection.Close(); // it left first
        }
    }

    private async ValueTask<Room?> EnterAsync(string stream, Cursor cursor)
    {
        try
        {
            return await _rooms.EnterAsync(stream, cursor, CancellationToken.None);
        }
        catch (Exception failed) when (failed is LogUnavailableException or LogFullException or TimeoutException)
        {
            return null;
        }
    }

    private void Left(LiveSocket socket)
    {
        var (cursor, room, permit) = socket.Stay;
        room.Leave(cursor);
        permit?.Dispose();
        _metrics.ConnectionClosed("websocket", socket.Ending);
        _log.Closed(Transport.WebSocket, room.Stream.Id, socket.Ending);
        _ = socket.EndAsync(_partings);
    }
}
