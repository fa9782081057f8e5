using System.Runtime.InteropServices;
using Interactions.Contracts;
using Interactions.Contracts.Batches;

namespace Interactions.Silo.Grains;

/// <summary>
/// Holds each user of a stream to one frontend's rate, however many frontends they send through. Whoever sends through one only was
/// limited there, by the times of sending: here, where batches arrive late and several at once, they are counted and never refused.
/// Users whose allowance is full again are forgotten. Not for concurrent callers.
/// </summary>
internal sealed class UserLimits(UserRate rate)
{
    private const long ForgetEveryMs = 10_000;

    // Of what adding up fractions may lose.
    private const double Rounding = 1e-6;

    private Dictionary<string, Allowance>? _users;
    private long _forgotMs;

    /// <summary>How many are remembered.</summary>
    public int Count => _users?.Count ?? 0;

    /// <summary>What of a frontend's batch is taken: in place of an item beyond its user's rate stands a <see cref="Rejected"/>.</summary>
    /// <param name="nowMs">Monotonic time.</param>
    public Batch Limit(Batch batch, long nowMs)
    {
        if (batch.Frontend.Length == 0) return batch;
        Forget(nowMs);
        BatchItem[]? limited = null;
        for (var i = 0; i < batch.Items.Count; i++)
        {
            if (batch.Items[i] is not Submitted item || Take(item.User, batch.Frontend, nowMs) is not { } waitMs) continue;
            (limited ??= [.. batch.Items])[i] = new Rejected(Code.RateLimited, waitMs);
        }

        return limited is null ? batch : batch with { Items = limited };
    }

    /// <returns>How long until it would be taken, in ms; null: it is taken.</returns>
    private long? Take(string user, string frontend, long nowMs)
    {
        ref var allowance = ref CollectionsMarshal.GetValueRefOrAddDefault(_users ??= new(StringComparer.Ordinal), user, out var isKnown);
        var left = isKnown ? LeftOf(allowance, nowMs) : rate.Burst;
        var through = left >= rate.Burst ? frontend : allowance.Through == frontend ? frontend : null;
        if (through is null && left < 1 - Rounding)
        {
            allowance = new Allowance(left, nowMs, null);
            return (long)Math.Ceiling((1 - left) / rate.PerSecond * 1000);
        }

        allowance = new Allowance(Math.Max(0, left - 1), nowMs, through);
        return null;
    }

    private double LeftOf(in Allowance allowance, long nowMs) => Math.Min(rate.Burst, allowance.Left + ((nowMs - allowance.AtMs) * rate.PerSecond / 1000));

    private void Forget(long nowMs)
    {
        if (_users is null || nowMs - _forgotMs < ForgetEveryMs) return;
        _forgotMs = nowMs;
        foreach (var (user, allowance) in _users)
        {
            if (LeftOf(allowance, nowMs) >= rate.Burst) _users.Remove(user);
        }

        if (_users.Count == 0) _users = null;
        else _users.TrimExcess();
    }

    /// <param name="Left">What may be sent at once.</param>
    /// <param name="Through">The one frontend that was sent through since it was full; null: several.</param>
    private readonly record struct Allowance(double Left, long AtMs, string? Through);
}
