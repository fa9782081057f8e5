using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Grains;

internal static partial class StreamGrainMessages
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Stream} can't be folded")]
    public static partial void LogBroken(ILogger logger, Exception exception, string stream);

    [LoggerMessage(Level = LogLevel.Error, Message = "A call of {Stream} failed")]
    public static partial void LogFailed(ILogger logger, Exception exception, string stream);
}
