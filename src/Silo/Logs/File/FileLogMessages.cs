using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Logs.File;

internal static partial class FileLogMessages
{
    [LoggerMessage(1, LogLevel.Warning, "{Path} had a torn end: {Bytes} bytes after byte {At} were not a whole record. They were cut off and kept in {Torn}.")]
    public static partial void TornTail(ILogger logger, string path, long bytes, long at, string torn);

    [LoggerMessage(2, LogLevel.Warning, "{Path} has no sound index file; the segment was read to make it again.")]
    public static partial void Rebuilt(ILogger logger, string path);

    [LoggerMessage(3, LogLevel.Error, "The journal can't be written; {Appends} requests were turned away.")]
    public static partial void WriteFailed(ILogger logger, int appends, Exception exception);

    [LoggerMessage(4, LogLevel.Information, "The journal can be written again.")]
    public static partial void WriteRecovered(ILogger logger);

    [LoggerMessage(5, LogLevel.Warning, "No new segment can be begun after {Path}; it grows on.")]
    public static partial void NotRotated(ILogger logger, string path, Exception exception);

    [LoggerMessage(6, LogLevel.Information, "{Path} is not needed any more and was deleted.")]
    public static partial void Freed(ILogger logger, string path);

    [LoggerMessage(7, LogLevel.Warning, "{Path} is not needed any more but can't be deleted; the next start tries again.")]
    public static partial void NotFreed(ILogger logger, string path, Exception exception);

    [LoggerMessage(8, LogLevel.Information, "{Folder} holds {Streams} streams in {Segments} segments.")]
    public static partial void Opened(ILogger logger, string folder, int streams, int segments);
}
