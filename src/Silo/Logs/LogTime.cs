namespace Interactions.Silo.Logs;

/// <summary>
/// The rule of log time: it follows the clock and never goes back. A clock that is off by more than a minute is not
/// followed: log time then goes on by real time from the last entry, so that bans and slow mode last as long as they
/// were meant to.
/// </summary>
internal static class LogTime
{
    /// <summary>Clocks that differ by no more than this are both taken for right.</summary>
    public const long MaxSkewMs = 60_000;

    /// <summary>The time of the next entry, ms since 1970 UTC.</summary>
    /// <param name="clockMs">What the clock says.</param>
    /// <param name="lastMs">The time of the last entry; 0 = there is none.</param>
    /// <param name="dueMs">That time and the real time since then (<see cref="LogClock.DueMs"/>); 0 = not known.</param>
    public static long Next(long clockMs, long lastMs, long dueMs)
    {
        if (dueMs == 0) return lastMs <= clockMs + MaxSkewMs ? Math.Max(clockMs, lastMs) : lastMs + 1;
        return IsNear(clockMs, dueMs) ? Math.Max(Math.Max(clockMs, lastMs), dueMs) : Math.Max(lastMs + 1, dueMs);
    }

    /// <summary>Whether log time, counted on by real time, and the clock agree.</summary>
    public static bool IsNear(long clockMs, long dueMs) => Math.Abs(clockMs - dueMs) <= MaxSkewMs;
}
