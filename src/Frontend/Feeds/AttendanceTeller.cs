using Interactions.Contracts.Batches;
using Interactions.Contracts.Timing;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// Tells a stream of this frontend's viewers, by the same way as what they send. One telling is under way at a time; what could not be
/// told is told anew. Safe for concurrent callers.
/// </summary>
internal sealed class AttendanceTeller(StreamFeed feed, FeedContext context) : IDue
{
    private const long RetryAfterMs = 1000;

    private readonly Lock _lock = new();
    private readonly Attendance _attendance = new(context.Options.RosterGrace);
    private long _dueMs = long.MaxValue;
    private bool _isTelling;

    public int Count
    {
        get
        {
            lock (_lock) return _attendance.Count;
        }
    }

    /// <summary>Nobody is here, and the stream knows it.</summary>
    public bool IsSettled
    {
        get
        {
            lock (_lock) return _attendance.IsSettled && !_isTelling;
        }
    }

    public void Join(string? user, string? name)
    {
        lock (_lock) _attendance.Join(user, name);
        Look();
    }

    public void SignIn(string user, string? name)
    {
        lock (_lock) _attendance.SignIn(user, name);
        Look();
    }

    public void Leave(string? user)
    {
        lock (_lock) _attendance.Leave(user, context.Deadlines.NowMs);
        Look();
    }

    public void Reannounce()
    {
        lock (_lock) _attendance.Reannounce();
        Look();
    }

    /// <summary>The view shows another number of viewers, another roster, or that users left.</summary>
    public void Moved(List<string>? left)
    {
        if (left is not null)
        {
            lock (_lock) _attendance.Missed(left);
        }

        Look();
    }

    public void Due()
    {
        lock (_lock) _dueMs = long.MaxValue;
        Look();
    }

    private void Look()
    {
        List<BatchItem> items = [];
        lock (_lock)
        {
            // Once the stream is known, all who are here are announced.
            if (_isTelling || feed.IsEnded || !feed.IsKnown) return;
            var dueMs = _attendance.Collect(feed.Viewers, feed.HasRoster, context.Deadlines.NowMs, items);
            if (dueMs < _dueMs) Schedule(dueMs);
            if (items.Count == 0) return;
            _isTelling = true;
        }

        _ = TellAsync(items);
    }

    private async Task TellAsync(List<BatchItem> items)
    {
        var isTold = await context.Outboxes.TellAsync(feed, items);
        lock (_lock)
        {
            _isTelling = false;
            if (!isTold)
            {
                _attendance.Reannounce();
                if (!feed.IsEnded) Schedule(context.Deadlines.NowMs + RetryAfterMs);
                return;
            }
        }

        Look();
    }

    // Under the lock. An earlier one that is scheduled already comes too early, and looks in vain.
    private void Schedule(long dueMs)
    {
        _dueMs = dueMs;
        context.Deadlines.Schedule(this, dueMs);
    }
}
