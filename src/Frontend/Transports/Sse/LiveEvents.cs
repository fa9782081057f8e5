using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Api;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Transports.Listener;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Transports.Sse;

/// <summary><c>GET /v1/streams/{id}/events</c> straight on the connection, once its viewer was admitted.</summary>
internal sealed class LiveEvents(Rooms rooms, ConnectionLog log, TimeProvider time)
{
    private static readonly TimeSpan LastWordsWithin = TimeSpan.FromSeconds(5);

    /// <summary>Lets a viewer in; nothing here lasts as long as its visit. Never throws.</summary>
    /// <param name="answer">The answer's head and the first bytes of its body.</param>
    public async Task ServeAsync(LiveConnection connection, string stream, ReadOnlyMemory<byte> answer, Admitted admitted)
    {
        var viewer = new SocketEvents(connection, admitted, time);
        try
        {
            connection.Attach(viewer);
            await connection.SendAsync(answer);
            if (await Visit.BeginAsync(rooms, stream, viewer.Cursor, admitted, CancellationToken.None) is { } visit)
            {
                viewer.Begin(visit);
                return;
            }
        }
        catch (Exception failed)
        {
            // It left first, or comes back by itself when the stream can be opened.
            if (failed is not IOException && Failure.CodeOf(failed) == Code.Internal) log.Broken(Transport.Sse, failed);
        }

        admitted.Permit?.Dispose();
        connection.Close();
    }

    /// <summary>One that was let in has ended.</summary>
    public static void Left(SocketEvents viewer)
    {
        viewer.Visit.End(CloseReasons.Name(viewer.Reason));
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
