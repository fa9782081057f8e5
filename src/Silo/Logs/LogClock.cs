using Interactions.Contracts.Views;

namespace Interactions.Silo.Logs;

/// <summary>
/// Log time of one stream between its entries: counted on by monotonic time from the newest entry, so that it does not
/// jump with the clock; see <see cref="LogTime"/>. Safe for any thread.
/// </summary>
internal sealed class LogClock(TimeProvider time)
{
    /// <summary>While it is ahead of the clock by less than a minute, it runs slower by one part in so many, until both agree.</summary>
    private const int Slowdown = 10;

    private readonly Lock _gate = new();
    private long _lastMs;
    private long _sinceTimestamp;
    private TimeSpan? _due;
    private long _leftClockAtMs = long.MaxValue;

    /// <summary>The stream was read to this time. How long ago its last entry was appended is not known.</summary>
    public void Start(long lastMs, long clockMs)
    {
        lock (_gate)
        {
            _lastMs = Math.Max(_lastMs, lastMs);

            // What is ahead of the clock can't be waited for; a log that is behind has rested.
            if (lastMs > clockMs) MoveTo(lastMs, clockMs);
        }
    }

    /// <summary>An entry of this log time came in just now.</summary>
    public void Hear(long atMs, long clockMs)
    {
        lock (_gate)
        {
            _lastMs = Math.Max(_lastMs, atMs);
            MoveTo(atMs, clockMs);
        }
    }

    /// <summary>What an entry's time would be by real time since the newest one, ms since 1970 UTC; 0 = not known yet.</summary>
    public long DueMs(long clockMs)
    {
        lock (_gate) return Advance(clockMs);
    }

    /// <summary>Log time now, ms since 1970 UTC. Late by what the newest entry took to get here, never ahead.</summary>
    public long NowMs(long clockMs)
    {
        lock (_gate) return Now(clockMs);
    }

    /// <summary>How log times are shown to clients now.</summary>
    public ShownTime Shown(long clockMs)
    {
        lock (_gate)
        {
            var nowMs = Now(clockMs);
            if (LogTime.IsNear(clockMs, nowMs)) return default;
            return new(nowMs > clockMs ? clockMs + 1 : _leftClockAtMs, clockMs - nowMs);
        }
    }

    private long Now(long clockMs)
    {
        var dueMs = Advance(clockMs);
        var nowMs = dueMs == 0 || LogTime.IsNear(clockMs, dueMs) ? Math.Max(clockMs, dueMs) : dueMs;
        return Math.Max(nowMs, _lastMs);
    }

    // An entry that was long under way does not hold it back.
    private void MoveTo(long atMs, long clockMs)
    {
        if (Advance(clockMs) >= atMs) return;
        (_due, _sinceTimestamp) = (TimeSpan.FromMilliseconds(atMs), time.GetTimestamp());
        NoteClock(clockMs);
    }

    private long Advance(long clockMs)
    {
        if (_due is not { } due) return 0;
        var now = time.GetTimestamp();
        var elapsed = time.GetElapsedTime(_sinceTimestamp, now);
        var clock = TimeSpan.FromMilliseconds(clockMs);
        var next = due + elapsed;
        if (next > clock && LogTime.IsNear(clockMs, (long)next.TotalMilliseconds)) next = Max(clock, next - (elapsed / Slowdown));
        (_due, _sinceTimestamp) = (next, now);
        NoteClock(clockMs);
        return (long)next.TotalMilliseconds;
    }

    // From this log time on, what is said in log time is off by as much as the clock was set forward.
    private void NoteClock(long clockMs)
    {
        var dueMs = (long)_due!.Value.TotalMilliseconds;
        if (dueMs >= clockMs - LogTime.MaxSkewMs) _leftClockAtMs = long.MaxValue;
        else if (_leftClockAtMs == long.MaxValue) _leftClockAtMs = dueMs;
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
