namespace Interactions.Silo.Logs;

/// <summary>Log time of the next entry: it never goes back, and does not lag what was relayed.</summary>
internal static class LogTime
{
    /// <summary>A relayed time further ahead of the clock than this is somebody's wrong clock and is ignored.</summary>
    public const long MaxAheadMs = 60_000;

    public static long Next(long clockMs, long lastMs, long notBeforeMs)
    {
        var at = Math.Max(clockMs, lastMs);
        return notBeforeMs <= clockMs + MaxAheadMs ? Math.Max(at, notBeforeMs) : at;
    }
}
