using Interactions.Contracts;
using Interactions.Frontend.Fanout;

namespace Interactions.Frontend.Telemetry;

/// <summary>At most one line for a connection that had a problem, none for one that had none. Says neither who nor what was sent.</summary>
internal sealed partial class ConnectionLog(TimeProvider time, ILogger<ConnectionLog> logger) : IDisposable
{
    private readonly LineLimiter _refused = new(time);
    private readonly LineLimiter _broken = new(time);

    /// <summary>A viewer was not let in.</summary>
    public void Refused(Transport transport, Code code)
    {
        if (!logger.IsEnabled(LogLevel.Information) || !_refused.TryTake(out var leftOut)) return;
        var (over, why) = (transport.Name(), code.Info().Name);
        LogRefused(logger, over, why, leftOut);
    }

    /// <summary>A viewer's connection ended; only ends that point to a problem are written.</summary>
    /// <param name="reason">See <see cref="CloseReasons"/>.</param>
    public void Closed(Transport transport, string stream, string reason)
    {
        if (reason is not (CloseReasons.NoProgress or CloseReasons.BadMessage)) return;
        if (!logger.IsEnabled(LogLevel.Information) || !_broken.TryTake(out var leftOut)) return;
        var over = transport.Name();
        LogBroken(logger, over, stream, reason, leftOut);
    }

    public void Dispose()
    {
        _refused.Dispose();
        _broken.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A viewer over {Transport} was refused: {Code} ({LeftOut} such lines left out before)")]
    private static partial void LogRefused(ILogger logger, string transport, string code, long leftOut);

    [LoggerMessage(Level = LogLevel.Information, Message = "A viewer of {Stream} over {Transport} was closed: {Reason} ({LeftOut} such lines left out before)")]
    private static partial void LogBroken(ILogger logger, string transport, string stream, string reason, long leftOut);
}
