using Interactions.Contracts;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// Puts a stream's entries in order, which arrive in any order, more than once or not at all: what comes next is given on, what is
/// early is held until what is missing came. It never goes back. Not for concurrent callers.
/// </summary>
/// <param name="mostHeldBytes">More than this is not held.</param>
internal sealed class FeedOrder(int mostHeldBytes)
{
    private readonly SortedDictionary<Position, FeedStep> _held = new(Comparer<Position>.Create(Compare));
    private long _heldBytes;

    /// <summary>The last entry that was given on; <see cref="Position.Start"/> = nothing is known yet, and everything is held.</summary>
    public Position Position { get; private set; } = Position.Start;

    public bool IsStarted => Position != Position.Start;

    /// <summary>Whether something is held because something before it is missing.</summary>
    public bool HasHole => _held.Count > 0;

    /// <param name="ready">What can be applied now is added to it, in order.</param>
    public FeedVerdict Offer(in FeedStep step, List<FeedStep> ready)
    {
        var place = step.Entry.Position;
        if (IsNext(place))
        {
            Take(step, ready);
            TakeHeld(ready);
            return FeedVerdict.Taken;
        }

        if (IsPassed(place)) return FeedVerdict.Passed;
        if (_held.TryAdd(place, step)) _heldBytes += step.Entry.SizeBytes;
        if (_heldBytes > mostHeldBytes)
        {
            _heldBytes = 0;
            _held.Clear();
            return FeedVerdict.Overflow;
        }

        return place.Epoch == Position.Epoch || !IsStarted ? FeedVerdict.Held : FeedVerdict.OtherLife;
    }

    /// <summary>Everything up to this position is there, whatever was before.</summary>
    /// <param name="ready">What was held and follows is added to it, in order.</param>
    public void Restart(Position position, List<FeedStep> ready)
    {
        Position = position;
        TakeHeld(ready);
    }

    /// <summary>Whether a place is at or before the position; of an earlier life counts as before.</summary>
    public bool IsPassed(Position place)
    {
        if (!IsStarted || place == Position.Start) return place == Position.Start;
        return place.Epoch == Position.Epoch ? place.Offset <= Position.Offset : Epochs.CompareLives(place.Epoch, Position.Epoch) < 0;
    }

    // Only within an epoch: of another it can't be told whether entries at its beginning took the place of some that are here.
    private bool IsNext(Position place) => place.Offset == Position.Offset + 1 && place.Epoch == Position.Epoch;

    private void Take(in FeedStep step, List<FeedStep> ready)
    {
        Position = step.Entry.Position;
        ready.Add(step);
    }

    private void TakeHeld(List<FeedStep> ready)
    {
        while (_held.Count > 0)
        {
            var (place, step) = _held.First();
            if (IsNext(place)) Take(step, ready);
            else if (!IsPassed(place) && !IsUnordered(place)) return;
            _held.Remove(place);
            _heldBytes -= step.Entry.SizeBytes;
        }
    }

    // Two lives that began in the same millisecond: the one that was asked for is the one that holds.
    private bool IsUnordered(Position place) => place.Epoch != Position.Epoch && Epochs.CompareLives(place.Epoch, Position.Epoch) == 0;

    private static int Compare(Position one, Position other)
    {
        var order = one.Epoch == other.Epoch ? 0 : Epochs.CompareLives(one.Epoch, other.Epoch);
        if (order == 0) order = string.CompareOrdinal(one.Epoch, other.Epoch);
        return order != 0 ? order : one.Offset.CompareTo(other.Offset);
    }
}
