using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Logs.Rocks;

internal static partial class RocksLogMessages
{
    [LoggerMessage(1, LogLevel.Error, "The log can't be written; {Appends} requests were turned away. {Reason}")]
    public static partial void WriteFailed(ILogger logger, int appends, string reason);

    [LoggerMessage(2, LogLevel.Information, "The log can be written again.")]
    public static partial void WriteRecovered(ILogger logger);

    [LoggerMessage(3, LogLevel.Error, "{What} Who needs this part of it is answered 'damaged'.")]
    public static partial void Damaged(ILogger logger, string what);

    [LoggerMessage(5, LogLevel.Warning, "The log had a torn end at {Where}: what was being written there, and nobody was told of, was left out.")]
    public static partial void TornEnd(ILogger logger, string where);

    [LoggerMessage(4, LogLevel.Warning, "{Path} can't be written: after a power cut it may say less than is stored. {Reason}")]
    public static partial void MarkLate(ILogger logger, string path, string reason);
}
