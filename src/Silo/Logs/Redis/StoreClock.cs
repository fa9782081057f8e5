namespace Interactions.Silo.Logs.Redis;

/// <summary>
/// What a server's clock says, counted on by monotonic time from its answers. A node whose own clock is off judges bans
/// and slow mode as the others do. Safe for any thread.
/// </summary>
internal sealed class StoreClock(TimeProvider time)
{
    /// <summary>An answer that took long does not hold it back, but a clock that was set back by little is followed after a while.</summary>
    private const long BackMs = 10;

    private static readonly TimeSpan OldestAnswer = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private long? _aheadMs;

    /// <summary>Ms since 1970 UTC, late by what an answer takes; null = no answer yet.</summary>
    public long? NowMs
    {
        get
        {
            lock (_gate) return SteadyMs + _aheadMs;
        }
    }

    private long SteadyMs => InMs(time.GetTimestamp());

    /// <summary>An answer of the server said this. One that took so long that its age would look like a jump says nothing.</summary>
    /// <param name="askedAt">When it was asked, as a timestamp of monotonic time.</param>
    /// <returns>By how much its clock jumped, if by more than clocks may differ.</returns>
    public TimeSpan? Hear(long clockMs, long askedAt)
    {
        lock (_gate)
        {
            // This process may have been stopped between the answer and its reading.
            var now = time.GetTimestamp();
            if (time.GetElapsedTime(askedAt, now) > OldestAnswer) return null;
            var aheadMs = clockMs - InMs(now);
            if (_aheadMs is not { } known || aheadMs >= known)
            {
                var by = aheadMs - (_aheadMs ?? aheadMs);
                _aheadMs = aheadMs;
                return by > LogTime.MaxSkewMs ? TimeSpan.FromMilliseconds(by) : null;
            }

            if (known - aheadMs <= LogTime.MaxSkewMs)
            {
                _aheadMs = Math.Max(aheadMs, known - BackMs);
                return null;
            }

            _aheadMs = aheadMs;
            return TimeSpan.FromMilliseconds(aheadMs - known);
        }
    }

    private long InMs(long timestamp) => timestamp / (time.TimestampFrequency / 1000);
}
