using Interactions.Contracts.Log;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Telemetry;
using Interactions.Silo.Nodes;

namespace Interactions.Frontend.Fanout;

/// <summary>Every stream that has viewers on this node, and the once-a-second look after their connections.</summary>
internal sealed class Rooms : IDisposable
{
    private static readonly TimeSpan TendEvery = TimeSpan.FromSeconds(1);

    /// <summary>Each second looks at one in so many (tokens aside, which end when they say), so that at many connections it stays a trickle.</summary>
    private const int Turns = 2;

    /// <summary>With the wait for its turn a quiet viewer hears something after 13 to 15 s, an idle one every 14 s: a bit less than a multiple of the turns' time.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(12.9);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly Node _node;
    private readonly TimeProvider _time;
    private readonly FrontendMetrics _metrics;
    private readonly ILogger<Room> _logger;
    private readonly Action<Room> _emptied;
    private readonly ITimer _tender;
    private readonly FanoutCrew _crew = new();
    private readonly List<Cursor> _tended = [];
    private Room[]? _all;
    private int _opened;
    private int _tending;

    public Rooms(Node node, TimeProvider time, FrontendMetrics metrics, ILogger<Room> logger)
    {
        (_node, _time, _metrics, _logger) = (node, time, metrics, logger);
        _emptied = Emptied;
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
    /// <param name="identity">Who the cursor's viewer is; null = anonymous.</param>
    /// <returns>The room to leave again, or null if there is no such stream.</returns>
    public async Task<Room?> EnterAsync(string stream, Cursor cursor, Identity? identity, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < 10; tries++)
        {
            var open = await _node.OpenAsync(stream, cancellationToken);
            if (open is null) return null;
            cursor.Moderates = Moderates(identity, open);
            Room room;
            lock (_lock)
            {
                if (!_rooms.TryGetValue(stream, out room!) || room.IsClosed || room.Stream != open)
                {
                    // Small rooms begin at different turns, or all of them would have the first.
                    _rooms[stream] = room = new Room(open, _node.Deadlines, _crew, _time, _metrics, _logger, _emptied) { Turn = _opened++ % Turns };
                    _all = null;
                }
            }

            if (!room.Enter(cursor)) continue;
            if (TurnsAway) cursor.End(CloseReason.GoingAway, Drain.ReconnectInMs());
            return room;
        }

        throw new LogUnavailableException("The stream is being closed; try again.");
    }

    /// <summary>Whether a token moderates a stream. Cheap for viewers, who are most.</summary>
    public static bool Moderates(Identity? identity, OpenStream stream) =>
        identity is { Role: >= Role.Moderator } && Permissions.Moderates(identity, stream.Id, stream.Read(state => state.Owner));

    /// <summary>As they are now; not to be changed.</summary>
    public Room[] All()
    {
        lock (_lock) return _all ??= [.. _rooms.Values];
    }

    public void Dispose()
    {
        _tender.Dispose();
        _crew.Dispose();
    }

    private void Emptied(Room room)
    {
        lock (_lock)
        {
            if (room.TryClose() && _rooms.TryGetValue(room.Stream.Id, out var current) && current == room)
            {
                _rooms.Remove(room.Stream.Id);
                _all = null;
            }
        }
    }

    private void Tend()
    {
        // One that takes longer than a second is not overtaken by the next.
        if (Interlocked.Exchange(ref _tending, 1) == 1) return;
        var utcNowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var nowMs = Cursor.Clock(_time);
        var rooms = All();
        foreach (var room in rooms)
        {
            room.Sample(Turns, utcNowMs, _tended);
            if (_tended.Count == 0) continue;
            foreach (var cursor in _tended) cursor.Tend(Quiet, Stall, nowMs, utcNowMs);
            _tended.Clear();
        }

        _metrics.RoomsCounted(rooms.Length);
        Volatile.Write(ref _tending, 0);
    }
}
