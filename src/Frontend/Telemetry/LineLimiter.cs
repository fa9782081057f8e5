using Interactions.Frontend.Admission;

namespace Interactions.Frontend.Telemetry;

/// <summary>Keeps a kind of log line from being used to fill the disk: 20 at once, then one a second. Safe for concurrent callers.</summary>
internal sealed partial class LineLimiter(TimeProvider time) : IDisposable
{
    private readonly TokenBucket _lines = new(perSecond: 1, burst: 20, time);
    private long _leftOut;

    /// <summary>Whether to write a line. If some were left out since the last one, a line of its own says so first.</summary>
    public bool TryTake(ILogger logger)
    {
        using var lease = _lines.AttemptAcquire();
        if (!lease.IsAcquired)
        {
            Interlocked.Increment(ref _leftOut);
            return false;
        }

        if (Interlocked.Exchange(ref _leftOut, 0) is var leftOut and > 0) LogLeftOut(logger, leftOut);
        return true;
    }

    public void Dispose() => _lines.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{LeftOut} lines like the next were left out")]
    private static partial void LogLeftOut(ILogger logger, long leftOut);
}
