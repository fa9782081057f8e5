using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Directories;
using Interactions.Silo.Logs;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Hosting;

/// <summary>
/// Waits until the log answers: a silo joins its cluster only then, or streams would be placed where they can't be read. Waits as long
/// as it takes, and says so once.
/// </summary>
public static partial class LogWait
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public static async Task UntilReachableAsync(LogServers logs, ILogger logger, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(logs);
        for (var isSaid = false; ; isSaid = true)
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                foreach (var name in logs.Names) await logs.Of(name).ReadAsync(DirectoryLog.NameOf(0), Position.Start, 0, stopping);
                return;
            }
            catch (LogUnavailableException away)
            {
                if (!isSaid) LogAway(logger, away.Message.ReplaceLineEndings(" "), away.InnerException?.Message.ReplaceLineEndings(" "));
                await Task.Delay(LookAgain, stopping);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log does not answer; this silo joins its cluster when it does: {Reason} {Cause}")]
    private static partial void LogAway(ILogger logger, string reason, string? cause);
}
