namespace Interactions.Frontend.Hosting;

/// <summary>A frontend that finds no silo waits for one, and says so once.</summary>
internal sealed partial class PatientRetry(TimeProvider time, ILogger<PatientRetry> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private TimeSpan _pause = TimeSpan.FromMilliseconds(250);
    private bool _isSaid;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return false;
        if (!_isSaid) LogWaiting(logger, exception.Message.ReplaceLineEndings(" "));
        _isSaid = true;
        await Task.Delay(_pause, time, cancellationToken);
        _pause = 2 * _pause < LongestPause ? 2 * _pause : LongestPause;
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No silo of the cluster answers; waiting for one: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);
}
