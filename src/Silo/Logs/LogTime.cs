using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs;

/// <summary>
/// The rule of log time: it follows the clock and never goes back. A clock that is off by more than a minute is not
/// followed: log time then goes on by real time from the last entry, so that bans and slow mode last as long as they
/// were meant to. <c>append.lua</c> is the same rule in Redis.
/// </summary>
internal static class LogTime
{
    /// <summary>Clocks that differ by no more than this are both taken for right.</summary>
    public const long MaxSkewMs = 60_000;

    /// <summary>The time of the next entry, ms since 1970 UTC.</summary>
    /// <param name="clockMs">What the store's clock says.</param>
    /// <param name="lastMs">The time of the last entry; 0 = there is none.</param>
    public static long Next(long clockMs, long lastMs, AppendRequest request)
    {
        var atMs = Next(clockMs, lastMs, request.DueMs);

        // A relayed time may be somebody's wrong clock; an entry that is put back has its own.
        return request.Origin is not null || request.NotBeforeMs <= clockMs + MaxSkewMs ? Math.Max(atMs, request.NotBeforeMs) : atMs;
    }

    private static long Next(long clockMs, long lastMs, long dueMs)
    {
        if (dueMs == 0) return IsFollowed(clockMs, lastMs) ? Math.Max(clockMs, lastMs) : lastMs + 1;
        return IsNear(clockMs, dueMs) ? Math.Max(Math.Max(clockMs, lastMs), dueMs) : Math.Max(lastMs + 1, dueMs);
    }

    /// <summary>Whether a log that ended at this time takes the time of its next entry from the clock, whatever time has passed.</summary>
    public static bool IsFollowed(long clockMs, long lastMs) => lastMs <= clockMs + MaxSkewMs;

    /// <summary>Whether log time, counted on by real time, and the clock agree.</summary>
    public static bool IsNear(long clockMs, long dueMs) => Math.Abs(clockMs - dueMs) <= MaxSkewMs;
}
