using Interactions.Contracts;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Logs.Redis;

internal static partial class RedisLogMessages
{
    [LoggerMessage(1, LogLevel.Warning, "Redis {Server} was started again and may have lost the newest entries. Each stream goes on once the silo that serves it has restored them")]
    public static partial void Restarted(ILogger logger, string server);

    [LoggerMessage(2, LogLevel.Warning, "Redis {Server} had lost the last entries of {Stream}: it ended at {Head}. {Entries} entries were restored")]
    public static partial void Restored(ILogger logger, string server, string stream, Position head, int entries);

    [LoggerMessage(3, LogLevel.Error, "{What} Who needs this part of it is answered 'damaged'.")]
    public static partial void Damaged(ILogger logger, string what);

    [LoggerMessage(4, LogLevel.Critical, "{Reason}")]
    public static partial void EarlierVersion(ILogger logger, string reason);
}
