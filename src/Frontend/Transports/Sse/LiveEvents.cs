using Interactions.Contracts.Log;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Transports.Listener;

namespace Interactions.Frontend.Transports.Sse;

/// <summary><c>GET /v1/streams/{id}/events</c> straight on the connection, once its viewer was admitted.</summary>
internal sealed class LiveEvents(Rooms rooms, FrontendMetrics metrics, ConnectionLog log, TimeProvider time)
{
    private static readonly TimeSpan LastWordsWithin = TimeSpan.FromSeconds(5);

    /// <summary>Lets a viewer in; nothing here lasts as long as its stay. Never throws.</summary>
    /// <param name="answer">The answer's head and the first bytes of its body.</param>
    public async Task ServeAsync(LiveConnection connection, string stream, ReadOnlyMemory<byte> answer, Admitted admitted)
    {
        var viewer = new SocketEvents(connection, admitted, this, time);
        var isIn = false;
        try
        {
            connection.Attach(viewer);
            await connection.SendAsync(answer);
            if (await rooms.EnterAsync(stream, viewer.Cursor, admitted.Identity, CancellationToken.None) is not { } room) return;
            isIn = true;
            metrics.ConnectionOpened("sse");
            viewer.Entered(room);
        }
        catch (Exception failed) when (failed is IOException or LogUnavailableException or LogFullException or LogDamagedException or TimeoutException)
        {
            // It left first, or comes back by itself when the stream can be opened.
        }
        finally
        {
            if (!isIn)
            {
                admitted.Permit?.Dispose();
                connection.Close();
            }
        }
    }

    /// <summary>One that was let in has ended.</summary>
    public void Left(SocketEvents viewer)
    {
        viewer.Room!.Leave(viewer.Cursor);
        viewer.Permit?.Dispose();
        var why = CloseReasons.Name(viewer.Reason);
        metrics.ConnectionClosed("sse", why);
        log.Closed(Transport.Sse, viewer.Room.Stream.Id, why);
        var settled = viewer.Cursor.Settled;
        if (settled.IsCompleted) viewer.Connection.Close();
        else _ = CloseAsync(viewer.Connection, settled);
    }

    private static async Task CloseAsync(LiveConnection connection, Task settled)
    {
        await Task.WhenAny(settled, Task.Delay(LastWordsWithin));
        connection.Close();
    }
}
