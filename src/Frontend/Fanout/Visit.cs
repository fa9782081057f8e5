using Interactions.Frontend.Admission;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Fanout;

/// <summary>
/// A viewer's time in a room, the same on every transport: it is counted, it is in the room until its cursor ends, and its end is
/// counted and logged. A value, so that a connection pays for no more than these three references.
/// </summary>
/// <param name="Permit">Given back at the end; null when connections are not counted, or the connection has visits beside this one.</param>
internal readonly record struct Visit(Cursor Cursor, Room Room, ConnectionPermit? Permit)
{
    /// <summary>A cursor for someone who was admitted.</summary>
    public static Cursor CursorOf(ISink sink, in Admitted admitted, TimeProvider time)
    {
        var identity = admitted.Identity;
        return new(sink, admitted.Position, identity?.User, identity?.Name, identity?.ExpiresAtMs ?? long.MaxValue, time);
    }

    /// <summary>Puts a viewer into its stream's room.</summary>
    /// <returns>Null: there is no such stream. Then, and when it fails, the permit is given back.</returns>
    /// <exception cref="Contracts.Log.LogUnavailableException">The stream can't be opened now.</exception>
    /// <exception cref="Contracts.Log.LogDamagedException">What is stored of the stream is damaged.</exception>
    public static async ValueTask<Visit?> BeginAsync(Rooms rooms, string stream, Cursor cursor, Admitted admitted, CancellationToken cancellationToken)
    {
        Room? room = null;
        try
        {
            room = await rooms.EnterAsync(stream, cursor, admitted.Identity, cancellationToken);
        }
        finally
        {
            if (room is null) admitted.Permit?.Dispose();
        }

        if (room is null) return null;
        room.CountOpened(cursor.Transport);
        return new Visit(cursor, room, admitted.Permit);
    }

    /// <summary>For transports that can afford a task: completes at the cursor's end, when the viewer has left the room.</summary>
    /// <param name="whyItLeft">When the server did not end it: what the transport will know of the end; null = the client left.</param>
    /// <returns>The server's reason; null = the client left or the connection broke.</returns>
    public async Task<CloseReason?> WatchAsync(Func<Task<string>?>? whyItLeft = null)
    {
        var reason = await Cursor.Ended;
        Leave();
        if (reason is null && whyItLeft?.Invoke() is { } why) _ = CountEndAsync(why);
        else CountEnd(CloseReasons.Name(reason));
        return reason;
    }

    /// <summary>The cursor has ended.</summary>
    /// <param name="reason">See <see cref="CloseReasons"/>.</param>
    public void End(string reason)
    {
        Leave();
        CountEnd(reason);
    }

    private void Leave()
    {
        Room.Leave(Cursor);
        Permit?.Dispose();
    }

    private async Task CountEndAsync(Task<string> reason) => CountEnd(await reason);

    private void CountEnd(string reason) => Room.CountClosed(Cursor.Transport, reason);
}
