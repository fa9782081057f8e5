using Interactions.Frontend.Admission;

namespace Interactions.Frontend.Telemetry;

/// <summary>Keeps a kind of log line from being used to fill the disk: 20 at once, then one a second. Safe for concurrent callers.</summary>
internal sealed class LineLimiter(TimeProvider time) : IDisposable
{
    private readonly TokenBucket _lines = new(perSecond: 1, burst: 20, time);
    private long _leftOut;

    /// <param name="leftOut">How many lines were left out since the last one.</param>
    /// <returns>Whether to write this one.</returns>
    public bool TryTake(out long leftOut)
    {
        leftOut = 0;
        using var lease = _lines.AttemptAcquire();
        if (!lease.IsAcquired)
        {
            Interlocked.Increment(ref _leftOut);
            return false;
        }

        leftOut = Interlocked.Exchange(ref _leftOut, 0);
        return true;
    }

    public void Dispose() => _lines.Dispose();
}
