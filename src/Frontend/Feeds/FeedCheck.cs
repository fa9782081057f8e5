using Interactions.Contracts;
using Interactions.Contracts.Timing;

namespace Interactions.Frontend.Feeds;

/// <summary>Looks at a feed a moment after something was found missing, for most often it is on its way. One look is planned at a time.</summary>
internal sealed class FeedCheck(StreamFeed feed, DeadlineQueue deadlines) : IDue
{
    /// <summary>How long a push may be overtaken by later ones before it counts as lost.</summary>
    private const int OvertakenMs = 50;

    private readonly Lock _lock = new();
    private bool _isPlanned;
    private Position _from = Position.Start;
    private Position _head = Position.Start;

    /// <param name="head">Where the feed is to be by then; null: it is to have no hole where it has one now.</param>
    public void Plan(Position? head = null)
    {
        lock (_lock)
        {
            if (head is { } known) _head = known;
            if (_isPlanned) return;
            (_isPlanned, _from) = (true, feed.Position);
        }

        deadlines.Schedule(this, deadlines.NowMs + OvertakenMs);
    }

    public void Due()
    {
        Position from, head;
        lock (_lock) (from, head, _head, _isPlanned) = (_from, _head, Position.Start, false);
        feed.Check(from, head);
    }
}
