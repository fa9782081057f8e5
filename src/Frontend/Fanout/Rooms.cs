using Interactions.Contracts.Log;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Telemetry;
using Interactions.Silo.Nodes;

namespace Interactions.Frontend.Fanout;

/// <summary>Every stream that has viewers on this node, and the once-a-second look after their connections.</summary>
internal sealed class Rooms : IDisposable
{
    private static readonly TimeSpan TendEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);
    private static readonly byte[] SseComment = ":\n\n"u8.ToArray();

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly Node _node;
    private readonly TimeProvider _time;
    private readonly FrontendMetrics _metrics;
    private readonly ILogger<Room> _logger;
    private readonly ITimer _tender;
    private int _stalled;

    public Rooms(Node node, TimeProvider time, FrontendMetrics metrics, ILogger<Room> logger)
    {
        (_node, _time, _metrics, _logger) = (node, time, metrics, logger);
        _tender = time.CreateTimer(_ => Tend(), null, TendEvery, TendEvery);
    }

    /// <summary>Set when the node is about to stop: whoever still comes in is told goodbye at once, for nobody would do it later.</summary>
    public bool TurnsAway { get; set; }

    public int Viewers
    {
        get
        {
            lock (_lock) return _rooms.Values.Sum(room => room.Count);
        }
    }

    /// <summary>Puts a viewer into its stream's room.</summary>
    /// <returns>The room to leave again, or null if there is no such stream.</returns>
    public async Task<Room?> EnterAsync(string stream, Cursor cursor, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < 10; tries++)
        {
            var open = await _node.OpenAsync(stream, cancellationToken);
            if (open is null) return null;
            Room room;
            lock (_lock)
            {
                if (!_rooms.TryGetValue(stream, out room!) || room.IsClosed || room.Stream != open)
                {
                    _rooms[stream] = room = new Room(open, _node.Deadlines, _time, _metrics, _logger, Emptied);
                }
            }

            if (!room.Enter(cursor)) continue;
            if (TurnsAway) cursor.End(CloseReason.GoingAway, Drain.ReconnectInMs());
            return room;
        }

        throw new LogUnavailableException("The stream is being closed; try again.");
    }

    public Room[] All()
    {
        lock (_lock) return [.. _rooms.Values];
    }

    public void Dispose() => _tender.Dispose();

    private void Emptied(Room room)
    {
        lock (_lock)
        {
            if (room.TryClose() && _rooms.TryGetValue(room.Stream.Id, out var current) && current == room) _rooms.Remove(room.Stream.Id);
        }
    }

    private void Tend()
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var rooms = All();
        var stalled = 0;
        foreach (var room in rooms)
        {
            foreach (var cursor in room.Members())
            {
                cursor.Tend(cursor.Heartbeats ? SseComment : default, HeartbeatEvery, Stall, now);
                if (!cursor.IsReady) stalled++;
            }
        }

        _metrics.RoomsCounted(rooms.Length);
        _metrics.ViewersStalled(stalled - _stalled);
        _stalled = stalled;
    }
}
