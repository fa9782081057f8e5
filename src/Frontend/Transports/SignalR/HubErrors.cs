using Interactions.Contracts;
using Interactions.Frontend.Api;
using Interactions.Frontend.Telemetry;
using Microsoft.AspNetCore.SignalR;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// What a call on the hub is answered when it fails: <c>code: detail</c>. SignalR writes a line with a stack for every such answer, so it
/// is not asked to (see <see cref="ConsoleLogs"/>); what no client can be blamed for is logged here.
/// </summary>
internal sealed partial class HubErrors(TimeProvider time, ILogger<HubErrors> logger) : IDisposable
{
    private readonly LineLimiter _lines = new(time);

    public static HubException Refused(Code code, string detail) => new($"{code.Info().Name}: {detail}");

    /// <param name="failed">Neither an answer already nor the client's own leaving.</param>
    public HubException Explain(Exception failed, string call)
    {
        var code = Failure.CodeOf(failed);
        if (code == Code.Internal && _lines.TryTake(logger)) LogBroken(logger, failed, call);
        return Refused(code, Failure.DetailOf(failed));
    }

    public void Dispose() => _lines.Dispose();

    [LoggerMessage(Level = LogLevel.Error, Message = "{Call} on the hub failed")]
    private static partial void LogBroken(ILogger logger, Exception exception, string call);
}
