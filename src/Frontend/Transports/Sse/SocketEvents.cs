using Interactions.Contracts.Log;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Transports.Listener;

namespace Interactions.Frontend.Transports.Sse;

/// <summary>
/// A viewer whose events are written straight to its socket. It holds its connection, its cursor and its room, and no
/// buffer. What the client still sends is not read: the kernel stops it when its window is full.
/// </summary>
internal sealed class SocketEvents : ISink, ILiveHandler
{
    private static readonly TimeSpan LastWordsWithin = TimeSpan.FromSeconds(5);

    private readonly LiveConnection _connection;
    private readonly ConnectionPermit? _permit;
    private readonly Cursor _cursor;

    private SocketEvents(LiveConnection connection, Admitted admitted, TimeProvider time)
    {
        var identity = admitted.Identity;
        (_connection, _permit) = (connection, admitted.Permit);
        _cursor = new Cursor(this, admitted.Position, identity?.User, identity?.Name, identity?.ExpiresAtMs ?? long.MaxValue, time);
    }

    public WireFormat Format => WireFormat.Sse;

    /// <summary>Serves a connection that was admitted, from the answer's first byte on, until someone leaves. Never throws.</summary>
    public static void Serve(LiveConnection connection, string id, ReadOnlyMemory<byte> answer, Admitted admitted, Rooms rooms, FrontendMetrics metrics, TimeProvider time)
    {
        var viewer = new SocketEvents(connection, admitted, time);
        connection.Attach(viewer);
        _ = viewer.RunAsync(id, answer, rooms, metrics);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> message) => _connection.SendAsync(message);

    public void Abort(CloseReason reason) => _connection.Abort();

    public void OnReadable(LiveConnection connection)
    {
        // Nothing that it says now means anything.
    }

    public void OnClosed(LiveConnection connection) => _cursor.End(null);

    private async Task RunAsync(string id, ReadOnlyMemory<byte> answer, Rooms rooms, FrontendMetrics metrics)
    {
        try
        {
            await _connection.SendAsync(answer);
            if (await rooms.EnterAsync(id, _cursor, CancellationToken.None) is { } room) await WatchAsync(room, metrics);
        }
        catch (Exception failed) when (failed is IOException or LogUnavailableException or LogFullException or TimeoutException)
        {
            // It left first, or comes back by itself when the stream can be opened.
        }
        finally
        {
            _permit?.Dispose();
            _connection.Close();
        }
    }

    private async Task WatchAsync(Room room, FrontendMetrics metrics)
    {
        metrics.ConnectionOpened("sse");
        try
        {
            await _cursor.Ended;
        }
        finally
        {
            room.Leave(_cursor);
            metrics.ConnectionClosed("sse");
        }

        await Task.WhenAny(_cursor.Settled, Task.Delay(LastWordsWithin));
    }
}
