using System.Threading.RateLimiting;

namespace Interactions.Frontend.Admission;

/// <summary>
/// A token bucket that fills by the clock when looked at, without a timer. A request for more than it holds when full is
/// served by a full bucket and leaves a debt, so that the sustained rate holds for requests of any size.
/// </summary>
internal sealed class TokenBucket : RateLimiter
{
    private readonly Lock _lock = new();
    private readonly double _perSecond;
    private readonly double _burst;
    private readonly TimeProvider _time;
    private double _held;
    private long _at;

    /// <param name="perSecond">What flows in.</param>
    /// <param name="burst">What it holds.</param>
    public TokenBucket(double perSecond, double burst, TimeProvider time)
    {
        _perSecond = perSecond;
        _burst = burst;
        _time = time;
        _held = burst;
        _at = time.GetTimestamp();
    }

    /// <summary>For how long it has been full: only then may it be forgotten.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (_lock)
            {
                var full = _time.GetElapsedTime(_at) - TimeSpan.FromSeconds((_burst - _held) / _perSecond);
                return full >= TimeSpan.Zero ? full : null;
            }
        }
    }

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            _held = Math.Min(_burst, _held + (_time.GetElapsedTime(_at, now).TotalSeconds * _perSecond));
            _at = now;
            var missing = Math.Min(permitCount, _burst) - _held;

            // A millionth: what adding up fractions may lose.
            if (missing > 1e-6) return RateLease.Refused(TimeSpan.FromSeconds(missing / _perSecond));
            _held -= permitCount;
            return RateLease.Granted;
        }
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AttemptAcquireCore(permitCount));
}
