using Interactions.Contracts.Batches;
using Interactions.Silo.Streams;

namespace Interactions.Silo.Nodes;

/// <summary>
/// This node's own viewers of one stream, and what of them is not in the log yet: the count at most once a second,
/// who came and left in small rooms, leaving after a grace. Under the stream's gate.
/// </summary>
internal sealed class Attendance(string node, TimeSpan grace)
{
    private const long CountEveryMs = 1000;

    private Dictionary<string, Guest>? _guests;
    private int _count;
    private int _logged;
    private long _loggedAtMs = long.MinValue / 2;
    private bool _unsettled;

    public int Count => _count;

    /// <summary>Whether <see cref="Collect"/> may have something; may be asked without the gate.</summary>
    public bool IsUnsettled => Volatile.Read(ref _unsettled);

    public void Join(string? user, string? name)
    {
        _count++;
        _unsettled = true;
        if (user is null) return;
        _guests ??= [];
        var guest = _guests.TryGetValue(user, out var known) ? known : new Guest();
        guest.Name = name ?? user;
        guest.Connections++;
        _guests[user] = guest;
    }

    public void Leave(string? user, long nowMs)
    {
        _count--;
        _unsettled = true;
        if (user is null || _guests is null || !_guests.TryGetValue(user, out var guest)) return;
        guest.Connections--;
        guest.LeftAtMs = nowMs;
    }

    /// <summary>What is to be appended now. Called after every change and a few times a second.</summary>
    public void Collect(StreamState state, long nowMs, List<BatchItem> into)
    {
        if (!_unsettled) return;
        _unsettled = false;
        if (_count != _logged)
        {
            if (nowMs - _loggedAtMs >= CountEveryMs)
            {
                into.Add(new ViewersCounted(node, _count));
                (_logged, _loggedAtMs) = (_count, nowMs);
            }
            else
            {
                _unsettled = true;
            }
        }

        if (_guests is null) return;
        List<string>? gone = null;
        foreach (var (user, guest) in _guests)
        {
            if (guest.Connections > 0)
            {
                if (!state.RosterOpen) guest.Announced = false;
                else if (!guest.Announced)
                {
                    guest.Announced = true;
                    into.Add(new RosterJoined(node, user, guest.Name));
                }
            }
            else if (nowMs - guest.LeftAtMs >= grace.TotalMilliseconds)
            {
                if (guest.Announced && state.RosterOpen) into.Add(new RosterLeft(node, user));
                (gone ??= []).Add(user);
            }
            else
            {
                _unsettled = true;
            }
        }

        if (gone is not null)
        {
            foreach (var user in gone) _guests.Remove(user);
            if (_guests.Count == 0) _guests = null;
        }
    }

    /// <summary>The room became small or large: the roster has to be looked at again.</summary>
    public void RosterTurned() => _unsettled = true;

    private sealed class Guest
    {
        public string Name = "";
        public int Connections;
        public long LeftAtMs;
        public bool Announced;
    }
}
