using Interactions.Contracts.Log;
using Interactions.Contracts.Timing;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Fanout;

/// <summary>Every stream that has viewers on this node, and the once-a-second look after their connections.</summary>
internal sealed class Rooms : IDisposable
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    /// <summary>Each second looks at one in so many (tokens extras, which end when they say), so that at many connections it stays a trickle.</summary>
    private const int Turns = 2;

    /// <summary>With the wait for its turn a quiet viewer hears something after 13 to 15 s, an idle one every 14 s: a bit less than a multiple of the turns' time.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(12.9);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly StreamFeeds _feeds;
    private readonly DeadlineQueue _deadlines;
    private readonly Draining _draining;
    private readonly TimeProvider _time;
    private readonly FrontendMetrics _metrics;
    private readonly ConnectionLog _connections;
    private readonly ILogger<Room> _logger;
    private readonly Action<Room> _emptied;
    private readonly ITimer _checker;
    private readonly FanoutCrew _crew = new();
    private readonly List<Cursor> _sampled = [];
    private Room[]? _all;
    private int _opened;
    private int _checking;

    public Rooms(
        StreamFeeds feeds, DeadlineQueue deadlines, Draining draining, TimeProvider time, FrontendMetrics metrics, ConnectionLog connections, ILogger<Room> logger)
    {
        (_feeds, _deadlines, _draining, _time, _metrics, _connections, _logger) = (feeds, deadlines, draining, time, metrics, connections, logger);
        _emptied = Emptied;
        _checker = time.CreateTimer(_ => CheckLiveness(), null, CheckEvery, CheckEvery);
    }

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
            var feed = await _feeds.OpenAsync(stream, cancellationToken);
            if (feed is null) return null;
            cursor.Moderates = Moderates(identity, feed);
            Room room;
            lock (_lock)
            {
                if (!_rooms.TryGetValue(stream, out room!) || room.IsClosed || room.Feed != feed)
                {
                    // Small rooms begin at different turns, or all of them would have the first.
                    _rooms[stream] = room = new Room(feed, _deadlines, _crew, _time, _metrics, _connections, _logger, _emptied) { Turn = _opened++ % Turns };
                    _all = null;
                }
            }

            if (!room.Enter(cursor))
            {
                Remove(room);
                continue;
            }

            if (_draining.HasBegun) cursor.End(CloseReason.GoingAway, Drain.ReconnectInMs()); // nobody would tell it later
            return room;
        }

        throw new LogUnavailableException("The stream is being closed; try again.");
    }

    /// <summary>Whether a token moderates a stream. Cheap for viewers, who are most.</summary>
    public static bool Moderates(Identity? identity, StreamFeed feed) =>
        identity is { Role: >= Role.Moderator } && Permissions.Moderates(identity, feed.Id, feed.Info.Owner);

    /// <summary>As they are now; not to be changed.</summary>
    public Room[] All()
    {
        lock (_lock) return _all ??= [.. _rooms.Values];
    }

    public void Dispose()
    {
        _checker.Dispose();
        _crew.Dispose();
    }

    private void Emptied(Room room)
    {
        lock (_lock)
        {
            if (room.TryClose()) Remove(room);
        }
    }

    private void Remove(Room room)
    {
        lock (_lock)
        {
            if (!_rooms.TryGetValue(room.Feed.Id, out var current) || current != room) return;
            _rooms.Remove(room.Feed.Id);
            _all = null;
        }
    }

    private void CheckLiveness()
    {
        // One that takes longer than a second is not overtaken by the next.
        if (Interlocked.Exchange(ref _checking, 1) == 1) return;
        var utcNowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var nowMs = Cursor.Clock(_time);
        var rooms = All();
        foreach (var room in rooms)
        {
            room.Sample(Turns, utcNowMs, _sampled);
            if (_sampled.Count == 0) continue;
            foreach (var cursor in _sampled) cursor.CheckLiveness(Quiet, Stall, nowMs, utcNowMs);
            _sampled.Clear();
        }

        _metrics.RoomsCounted(rooms.Length);
        Volatile.Write(ref _checking, 0);
    }
}
