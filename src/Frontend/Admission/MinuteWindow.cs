using System.Threading.RateLimiting;

namespace Interactions.Frontend.Admission;

/// <summary>So many in any 60 s, exactly: remembers when each of them was. Without a timer.</summary>
internal sealed class MinuteWindow(int most, TimeProvider time) : RateLimiter
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Queue<long> _taken = [];
    private long _emptySince = time.GetTimestamp();

    /// <summary>For how long it has been empty: only then may it be forgotten.</summary>
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (_lock)
            {
                Forget();
                return _taken.Count == 0 ? time.GetElapsedTime(_emptySince) : null;
            }
        }
    }

    public override RateLimiterStatistics? GetStatistics() => null;

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (_lock)
        {
            Forget();
            if (_taken.Count + permitCount > most) return RateLease.Refused(_taken.TryPeek(out var oldest) ? Minute - time.GetElapsedTime(oldest) : Minute);
            for (; permitCount > 0; permitCount--) _taken.Enqueue(time.GetTimestamp());
            return RateLease.Granted;
        }
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        ValueTask.FromResult(AttemptAcquireCore(permitCount));

    private void Forget()
    {
        while (_taken.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Minute)
        {
            _taken.Dequeue();
            _emptySince = time.GetTimestamp();
        }
    }
}
