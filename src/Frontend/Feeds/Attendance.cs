using Interactions.Contracts.Batches;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// This frontend's viewers of one stream, and what of them the stream was not told yet: the count at most once a second; who came
/// and left, as long as the stream keeps a roster, leaving after a grace. Time is an argument. Not for concurrent callers.
/// </summary>
internal sealed class Attendance(TimeSpan grace)
{
    private const long CountEveryMs = 1000;

    private readonly long _graceMs = (long)grace.TotalMilliseconds;
    private Dictionary<string, Guest>? _guests;

    /// <summary>Those of whom there may be something to tell.</summary>
    private List<Guest>? _listed;

    /// <summary>The last count that was told; -1 = whatever the stream counts is wrong.</summary>
    private int _told;

    private long _toldAtMs = long.MinValue / 2;
    private bool _hasRoster;

    public int Count { get; private set; }

    /// <summary>Nobody is here, and the stream knows it.</summary>
    public bool IsSettled => Count == 0 && _told == 0 && _guests is null;

    /// <param name="user">Null = nobody known.</param>
    public void Join(string? user, string? name)
    {
        Count++;
        if (user is not null) SignIn(user, name);
    }

    /// <summary>One who joined as nobody is this user.</summary>
    public void SignIn(string user, string? name)
    {
        _guests ??= new(1, StringComparer.Ordinal);
        if (!_guests.TryGetValue(user, out var guest)) _guests[user] = guest = new Guest(user);
        guest.Name = name ?? user;
        guest.Connections++;
        List(guest);
    }

    public void Leave(string? user, long nowMs)
    {
        Count--;
        if (user is null || _guests is null || !_guests.TryGetValue(user, out var guest)) return;
        if (--guest.Connections > 0) return;
        guest.LeftAtMs = nowMs;
        List(guest);
    }

    /// <summary>Takes what is to be told now.</summary>
    /// <param name="viewers">How many the stream counts in all, as far as is known here.</param>
    /// <param name="hasRoster">Whether the stream keeps a roster now.</param>
    /// <returns>When there may be more to tell, by <paramref name="nowMs"/>; <see cref="long.MaxValue"/> = after the next change.</returns>
    public long Collect(int viewers, bool hasRoster, long nowMs, List<BatchItem> into)
    {
        if (hasRoster != _hasRoster) Turn(hasRoster);
        var dueMs = CollectCount(viewers, nowMs, into);
        return _listed is null ? dueMs : Math.Min(dueMs, CollectGuests(nowMs, into));
    }

    /// <summary>The stream may have forgotten everything it was told: it is told again.</summary>
    public void Reannounce()
    {
        if (Count > 0 || _told > 0) (_told, _toldAtMs) = (-1, long.MinValue / 2);
        foreach (var guest in _guests?.Values ?? Enumerable.Empty<Guest>()) TellAgain(guest);
    }

    /// <summary>The stream shows that these left. Those who are here are told of again.</summary>
    public void Missed(List<string> left)
    {
        if (_guests is null) return;
        foreach (var user in left)
        {
            if (_guests.TryGetValue(user, out var guest) && guest.IsTold && guest.Connections > 0) TellAgain(guest);
        }
    }

    private long CollectCount(int viewers, long nowMs, List<BatchItem> into)
    {
        // A stream counts at least what each frontend told it. Some time after that, fewer means that it took this one for gone.
        var isForgotten = viewers < _told && nowMs - _toldAtMs >= CountEveryMs;
        if (Count == _told && !isForgotten) return viewers < _told ? _toldAtMs + CountEveryMs : long.MaxValue;
        if (nowMs - _toldAtMs < CountEveryMs) return _toldAtMs + CountEveryMs;
        into.Add(new ViewersCounted(Count));
        (_told, _toldAtMs) = (Count, nowMs);
        return long.MaxValue;
    }

    private long CollectGuests(long nowMs, List<BatchItem> into)
    {
        var (dueMs, kept) = (long.MaxValue, 0);
        for (var i = 0; i < _listed!.Count; i++)
        {
            var guest = _listed[i];
            if (guest.Connections == 0 && guest.IsTold && _hasRoster && nowMs - guest.LeftAtMs < _graceMs)
            {
                dueMs = Math.Min(dueMs, guest.LeftAtMs + _graceMs);
                _listed[kept++] = guest;
                continue;
            }

            guest.IsListed = false;
            if (guest.Connections == 0)
            {
                if (guest.IsTold && _hasRoster) into.Add(new RosterLeft(guest.User));
                _guests!.Remove(guest.User);
            }
            else if (_hasRoster && !guest.IsTold)
            {
                guest.IsTold = true;
                into.Add(new RosterJoined(guest.User, guest.Name));
            }
        }

        _listed.RemoveRange(kept, _listed.Count - kept);
        if (kept == 0) _listed = null;
        if (_guests is { Count: 0 }) _guests = null;
        return dueMs;
    }

    // A roster that ended is forgotten, and begins with nobody.
    private void Turn(bool hasRoster)
    {
        _hasRoster = hasRoster;
        foreach (var guest in _guests?.Values ?? Enumerable.Empty<Guest>()) TellAgain(guest);
    }

    private void TellAgain(Guest guest)
    {
        // One who left in between is still on the way out, should it be shown.
        if (guest.Connections > 0) guest.IsTold = false;
        List(guest);
    }

    private void List(Guest guest)
    {
        if (guest.IsListed) return;
        guest.IsListed = true;
        (_listed ??= []).Add(guest);
    }
}
