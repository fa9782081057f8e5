using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Admission;

/// <summary>
/// <c>Limits:ConnectsPerSecond</c>: how many live connections this node opens a second, so that a storm of reconnects does not
/// starve those who are in. A second's worth may come at once. Safe for concurrent callers.
/// </summary>
internal sealed class ConnectBudget(LimitOptions limits, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(5);

    private readonly TokenBucket _bucket = new(limits.ConnectsPerSecond, limits.ConnectsPerSecond, time);

    public bool TryTake()
    {
        using var lease = _bucket.AttemptAcquire();
        return lease.IsAcquired;
    }

    /// <summary>When one that was refused may come back: after 1–6 s, so that those refused together come back apart.</summary>
    public static TimeSpan RetryAfter() => TimeSpan.FromSeconds(1) + (Spread * Random.Shared.NextDouble());

    public void Dispose() => _bucket.Dispose();
}
