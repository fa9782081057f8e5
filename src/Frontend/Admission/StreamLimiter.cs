using System.Threading.RateLimiting;
using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Admission;

/// <summary>
/// How often each user may create or configure a stream through this node: so many times in any minute. Users who did
/// not for a minute are forgotten. Safe for concurrent callers.
/// </summary>
internal sealed class StreamLimiter : IDisposable
{
    // Made at the first call: it keeps a timer that fires ten times a second.
    private readonly Lazy<PartitionedRateLimiter<string>> _limiter;

    public StreamLimiter(LimitOptions limits, TimeProvider time)
    {
        RateLimiter Window(string user) => new MinuteWindow(limits.StreamsPerMinutePerUser, time);
        _limiter = new(() => PartitionedRateLimiter.Create<string, string>(user => RateLimitPartition.Get(user, Window), StringComparer.Ordinal));
    }

    /// <param name="retryAfter">When refused: how long until the same would be taken, if nothing else is.</param>
    public bool TryTake(string user, out TimeSpan retryAfter)
    {
        using var lease = _limiter.Value.AttemptAcquire(user);
        retryAfter = !lease.IsAcquired && lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.Zero;
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        if (_limiter.IsValueCreated) _limiter.Value.Dispose();
    }
}
