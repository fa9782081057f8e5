using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Grains;

internal static partial class StreamGrainMessages
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Stream} can't be folded")]
    public static partial void LogBroken(ILogger logger, Exception exception, string stream);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Stream} was decided by rules {Rules}, which no silo of the cluster is known to know: start one of the version that wrote it")]
    public static partial void LogUnknownRules(ILogger logger, string stream, byte rules);

    [LoggerMessage(Level = LogLevel.Error, Message = "A call of {Stream} failed")]
    public static partial void LogFailed(ILogger logger, Exception exception, string stream);
}
