namespace Interactions.Silo.Nodes;

/// <summary>
/// What time it is for a log, counted on from what its entries said: a node whose own clock is off judges bans and slow
/// mode as the others do. Before the first entry it is the node's own time. Safe for any thread.
/// </summary>
internal sealed class LogClock(TimeProvider time)
{
    private long _aheadMs = long.MinValue;

    /// <summary>Log time, ms since 1970 UTC; late by what the newest entry took to get here, never ahead.</summary>
    public long NowMs => Volatile.Read(ref _aheadMs) is var ahead and not long.MinValue ? SteadyMs + ahead : time.GetUtcNow().ToUnixTimeMilliseconds();

    private long SteadyMs => time.GetTimestamp() / (time.TimestampFrequency / 1000);

    /// <summary>An entry of this log time came in just now.</summary>
    public void Hear(long atMs)
    {
        var ahead = atMs - SteadyMs;
        for (var known = Volatile.Read(ref _aheadMs); ahead > known;)
        {
            var was = Interlocked.CompareExchange(ref _aheadMs, ahead, known);
            if (was == known) return;
            known = was;
        }
    }
}
