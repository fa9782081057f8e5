using Interactions.Contracts.Batches;
using Interactions.Silo.Streams;

namespace Interactions.Silo.Nodes;

/// <summary>
/// This node's own viewers of one stream, and what of them is not in the log yet: the count at most once a second,
/// who came and left in small rooms, leaving after a grace. Under the stream's gate.
/// </summary>
internal sealed class Attendance(NodeIdentity identity, TimeSpan grace)
{
    private const long CountEveryMs = 1000;

    private Dictionary<string, Guest>? _guests;
    private string _node = identity.Id;
    private int _count;
    private int _logged;
    private long _loggedAtMs = long.MinValue / 2;
    private bool _unsettled;

    public int Count => _count;

    /// <summary>Whether <see cref="Collect"/> may have something; may be asked without the gate.</summary>
    public bool IsUnsettled => Volatile.Read(ref _unsettled) || _node != identity.Id;

    public void Join(string? user, string? name)
    {
        _count++;
        _unsettled = true;
        if (user is not null) Welcome(user, name);
    }

    /// <summary>One who joined as nobody is this user.</summary>
    public void SignIn(string user, string? name)
    {
        _unsettled = true;
        Welcome(user, name);
    }

    private void Welcome(string user, string? name)
    {
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
        if (_node != identity.Id) StartOver(into);
        if (!_unsettled) return;
        _unsettled = false;
        if (_count != _logged)
        {
            if (nowMs - _loggedAtMs >= CountEveryMs)
            {
                into.Add(new ViewersCounted(_node, _count));
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
                    into.Add(new RosterJoined(_node, user, guest.Name));
                }
            }
            else if (nowMs - guest.LeftAtMs >= grace.TotalMilliseconds)
            {
                if (guest.Announced && state.RosterOpen) into.Add(new RosterLeft(_node, user));
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

    /// <summary>What says that none of this node's viewers is left; null if that is known already.</summary>
    public ViewersCounted? CountNone()
    {
        if (_logged == 0) return null;
        _logged = 0;
        return new ViewersCounted(_node, 0);
    }

    /// <summary>The log may have lost what this node said: it is said again, as far as the fold does not know it.</summary>
    public void SayAgain(StreamState state)
    {
        if (_count > 0 || _logged > 0) _logged = -1;
        _unsettled = true;
        foreach (var (user, guest) in _guests ?? []) guest.Announced &= state.HasRosterMember(_node, user);
    }

    /// <summary>The room became small or large: the roster has to be looked at again.</summary>
    public void RosterTurned() => _unsettled = true;

    // The node has a new id: what the old one said is taken back and said again.
    private void StartOver(List<BatchItem> into)
    {
        into.Add(new NodeGone(_node));
        (_node, _logged, _unsettled) = (identity.Id, 0, true);
        _loggedAtMs = long.MinValue / 2;
        foreach (var guest in _guests?.Values ?? Enumerable.Empty<Guest>()) guest.Announced = false;
    }

    private sealed class Guest
    {
        public string Name = "";
        public int Connections;
        public long LeftAtMs;
        public bool Announced;
    }
}
