using System.Threading.RateLimiting;
using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Admission;

/// <summary>
/// How much each user may send through this node, over all streams and transports. All or nothing: a refused request takes
/// nothing. Users who were quiet are forgotten. Safe for concurrent callers.
/// </summary>
internal sealed class SendLimiter : IDisposable
{
    // Made at the first send: it keeps a timer that fires ten times a second.
    private readonly Lazy<PartitionedRateLimiter<string>> _limiter;

    public SendLimiter(LimitOptions limits, TimeProvider time)
    {
        RateLimiter Bucket(string user) => new TokenBucket(limits.InteractionsPerSecondPerUser, limits.BurstPerUser, time);
        _limiter = new(() => PartitionedRateLimiter.Create<string, string>(user => RateLimitPartition.Get(user, Bucket), StringComparer.Ordinal));
    }

    /// <param name="permits">How many interactions; more than the burst are let through by a full bucket, at the rate's cost.</param>
    /// <param name="retryAfter">When refused: how long until the same would be taken, if nothing else is sent.</param>
    public bool TryTake(string user, int permits, out TimeSpan retryAfter)
    {
        using var lease = _limiter.Value.AttemptAcquire(user, permits);
        retryAfter = !lease.IsAcquired && lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.Zero;
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        if (_limiter.IsValueCreated) _limiter.Value.Dispose();
    }
}
