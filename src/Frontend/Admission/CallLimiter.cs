using System.Threading.RateLimiting;

namespace Interactions.Frontend.Admission;

/// <summary>
/// How often each caller may make a call that costs more than most: by user, or without a token by address, where an IPv6 address
/// counts with its /64. Callers who were quiet are forgotten. Safe for concurrent callers.
/// </summary>
internal sealed class CallLimiter : IDisposable
{
    // Made at the first call: it keeps a timer that fires ten times a second.
    private readonly Lazy<PartitionedRateLimiter<Caller>> _limiter;

    /// <param name="user">Calls of a user: a second, and at once after being quiet.</param>
    /// <param name="address">Calls of an address, which many may share behind a carrier's NAT.</param>
    public CallLimiter((int PerSecond, int Burst) user, (int PerSecond, int Burst) address, TimeProvider time)
    {
        RateLimiter Bucket(Caller caller)
        {
            var (perSecond, burst) = caller.User is null ? address : user;
            return new TokenBucket(perSecond, burst, time);
        }

        _limiter = new(() => PartitionedRateLimiter.Create<Caller, Caller>(caller => RateLimitPartition.Get(caller, Bucket)));
    }

    /// <param name="retryAfter">When refused: how long until the next call is let through, if nobody else calls.</param>
    /// <param name="calls">How many it counts as.</param>
    public bool TryTake(HttpContext http, Identity? identity, out TimeSpan retryAfter, int calls = 1)
    {
        var address = http.Connection.RemoteIpAddress;
        var caller = identity is not null ? new Caller(identity.User, default) : new(null, address is null ? default : ConnectionCaps.Network(address));
        using var lease = _limiter.Value.AttemptAcquire(caller, calls);
        retryAfter = !lease.IsAcquired && lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.Zero;
        return lease.IsAcquired;
    }

    public void Dispose()
    {
        if (_limiter.IsValueCreated) _limiter.Value.Dispose();
    }

    private readonly record struct Caller(string? User, UInt128 Network);
}
