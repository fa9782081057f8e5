using Interactions.Silo.Logs;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Grains;

/// <summary>Reports a clock that is or was wrong: each jump of this machine's, and the first stream whose log is ahead. Safe for any thread.</summary>
internal sealed partial class ClockWatch(TimeProvider time, ILogger logger, SiloMetrics metrics)
{
    private readonly Lock _gate = new();
    private TimeSpan _offset = OffsetOf(time);
    private bool _aheadReported;

    /// <summary>A few times a second: compares the clock with monotonic time.</summary>
    public void Look()
    {
        TimeSpan jump;
        lock (_gate)
        {
            var offset = OffsetOf(time);
            (jump, _offset) = (offset - _offset, offset);
            if (Math.Abs(jump.TotalMilliseconds) <= LogTime.MaxSkewMs) return;
            _aheadReported = false;
        }

        metrics.ClockJumped();
        LogJumped(logger, jump.TotalSeconds);
    }

    /// <summary>A stream was read whose last entry has this time.</summary>
    public void Compare(string stream, long lastMs, long clockMs)
    {
        if (lastMs <= clockMs + LogTime.MaxSkewMs) return;
        lock (_gate)
        {
            if (_aheadReported) return;
            _aheadReported = true;
        }

        LogAhead(logger, stream, (lastMs - clockMs) / 1000);
    }

    private static TimeSpan OffsetOf(TimeProvider time) => (time.GetUtcNow() - DateTimeOffset.UnixEpoch) - time.GetElapsedTime(0);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This machine's clock jumped by {Seconds:0} s. Streams in use go on by real time; tokens are judged by the new time")]
    private static partial void LogJumped(ILogger logger, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of {Stream} is {Seconds} s ahead of the clock: a clock is or was wrong. It goes on by real time, as any other such log does without another line")]
    private static partial void LogAhead(ILogger logger, string stream, long seconds);
}
