using Interactions.Contracts;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Telemetry;

/// <summary>At most one line for a connection that had a problem, none for one that had none. Says neither who nor what was sent.</summary>
internal sealed partial class ConnectionLog(TimeProvider time, ILogger<ConnectionLog> logger) : IDisposable
{
    private readonly LineLimiter _refused = new(time);
    private readonly LineLimiter _broken = new(time);

    /// <summary>A viewer was not let in.</summary>
    public void Refused(Transport transport, Code code)
    {
        if (!logger.IsEnabled(LogLevel.Information) || !_refused.TryTake(logger)) return;
        var (over, why) = (transport.Name(), code.Info().Name);
        LogRefused(logger, over, why);
    }

    /// <summary>A viewer's connection ended; only ends that point to a problem are written.</summary>
    /// <param name="reason">See <see cref="CloseReasons"/>.</param>
    public void Closed(Transport transport, string stream, string reason)
    {
        if (reason is not (CloseReasons.NoProgress or CloseReasons.BadMessage)) return;
        if (!logger.IsEnabled(LogLevel.Information) || !_broken.TryTake(logger)) return;
        var over = transport.Name();
        LogClosed(logger, over, stream, reason);
    }

    /// <summary>A viewer could not be served, for something is broken here.</summary>
    public void Broken(Transport transport, Exception broken)
    {
        if (_broken.TryTake(logger)) LogFailed(logger, broken, transport.Name());
    }

    public void Dispose()
    {
        _refused.Dispose();
        _broken.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A viewer over {Transport} was refused: {Code}")]
    private static partial void LogRefused(ILogger logger, string transport, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "A viewer over {Transport} could not be served")]
    private static partial void LogFailed(ILogger logger, Exception exception, string transport);

    [LoggerMessage(Level = LogLevel.Information, Message = "A viewer of {Stream} over {Transport} was closed: {Reason}")]
    private static partial void LogClosed(ILogger logger, string transport, string stream, string reason);
}
