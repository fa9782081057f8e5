using System.Runtime.InteropServices;
using Interactions.Contracts.Views;

namespace Interactions.Frontend.Fanout;

/// <summary>
/// When bans change, the users concerned and the moderators get one frame of their own, which also says that; all others get the
/// shared one, from which nobody learns who was banned.
/// </summary>
internal sealed partial class Room
{
    /// <summary>Those whose next frame is their own. One that can't be sent to now stays until it was.</summary>
    private List<Cursor>? _told;

    /// <summary>A tick without bans looks only at those behind.</summary>
    private void FindTold(StreamView view, EffectRing ring, TickFrames tick, List<Cursor>? behind)
    {
        if (!view.AnyBans && !ring.AnyBans) return;
        if (tick.To != tick.From && (tick.Snapshot is not null || ring.AnyBansAfter(tick.From.Offset)))
        {
            lock (_lock)
            {
                foreach (var cursor in _cursors.AsSpan(0, _count)) FindTold(view, ring, cursor!);
            }
        }
        else if (behind is not null)
        {
            lock (_lock)
            {
                foreach (var cursor in behind) FindTold(view, ring, cursor);
            }
        }
    }

    // Under the lock: whoever signs in meanwhile is looked at anew.
    private void FindTold(StreamView view, EffectRing ring, Cursor cursor)
    {
        if (cursor.Scope != FrameScope.Shared || cursor.User is not { } user) return;
        var place = cursor.Position;
        if (!(IsCovered(ring, place) ? ring.TellsOfBans(place.Offset, user, cursor.Moderates) : view.BanOf(user) is not null)) return;
        cursor.Scope = FrameScope.Personal;
        (_told ??= []).Add(cursor);
    }

    /// <summary>Those who were told go back to the shared frames.</summary>
    private void ReleaseTold(StreamView view, TickFrames tick)
    {
        if (_told is null) return;
        var kept = 0;
        lock (_lock)
        {
            foreach (var cursor in _told)
            {
                if (cursor.Position != tick.From) CollectionsMarshal.AsSpan(_told)[kept++] = cursor;
                else Classify(view, cursor);
            }
        }

        _told.RemoveRange(kept, _told.Count - kept);
        if (kept == 0) _told = null;
    }
}
