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
internal sealed class LiveSockets(
    Gatekeeper gate, Rooms rooms, Sender sender, LimitOptions limits, Partings partings, FrontendMetrics metrics, TimeProvider time)
{
    /// <summary>Serves a viewer who was let in, until someone leaves. Never throws.</summary>
    /// <param name="answer">The head that opens the WebSocket.</param>
    public async Task ServeAsync(LiveConnection connection, ReadOnlyMemory<byte> answer, string stream, Admitted admitted)
    {
        using var permit = admitted.Permit;
        var identity = admitted.Identity;
        try
        {
            await connection.SendAsync(answer);
            var socket = new LiveSocket(connection, limits.BodyBytes);
            var cursor = new Cursor(socket, admitted.Position, identity?.User, identity?.Name, identity?.ExpiresAtMs ?? long.MaxValue, time);
            if (await EnterAsync(stream, cursor) is not { } room)
            {
                var exists = gate.Exists(stream);
                await socket.CloseAsync(
                    (int)(exists ? CloseReason.GoingAway : CloseReason.NotFound), exists ? "The stream can't be opened now." : "There is no such stream.", partings);
                return;
            }

            socket.Begin(cursor, new Conversation(cursor, room.Stream, gate, sender, identity));
            await StayAsync(connection, socket, cursor, room);
        }
        catch (IOException)
        {
            connection.Close(); // it left first
        }
    }

    /// <summary>Opens the WebSocket, only to close it with a code: a browser sees no other answer. Never throws.</summary>
    public async Task RefuseAsync(LiveConnection connection, ReadOnlyMemory<byte> answer, Refusal refusal)
    {
        try
        {
            await connection.SendAsync(answer);
            await new LiveSocket(connection, limits.BodyBytes).CloseAsync(CloseCode.Of(refusal.Code), refusal.Detail, partings);
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
            return await rooms.EnterAsync(stream, cursor, CancellationToken.None);
        }
        catch (Exception failed) when (failed is LogUnavailableException or LogFullException or TimeoutException)
        {
            return null;
        }
    }

    // A method of its own, so that an idle viewer keeps no more than these.
    private async Task StayAsync(LiveConnection connection, LiveSocket socket, Cursor cursor, Room room)
    {
        metrics.ConnectionOpened("websocket");
        CloseReason? reason;
        try
        {
            reason = await cursor.Ended;
        }
        finally
        {
            room.Leave(cursor);
            metrics.ConnectionClosed("websocket");
        }

        if (reason is { } why) await socket.CloseAsync((int)why, why.ToString(), partings);
        else if (socket.Answer is var (code, detail)) await socket.CloseAsync(code, detail, partings);
        else connection.Abort();
    }
}
