namespace Interactions.Silo.Streams;

/// <param name="SetAtMs">When it was decided; the last decision counts.</param>
/// <param name="UntilMs">Log time; <see cref="Endless"/> = until unbanned, 0 = unbanned.</param>
internal readonly record struct BanMark(long SetAtMs, long UntilMs, bool Shadow)
{
    public const long Endless = long.MaxValue;

    public bool IsActive(long nowMs) => UntilMs > nowMs;

    /// <summary>Whether the user is told of it then.</summary>
    public bool IsTold(long nowMs) => !Shadow && IsActive(nowMs);

    /// <summary>As the protocol says it: null = until unbanned.</summary>
    public long? EndsAtMs => UntilMs == Endless ? null : UntilMs;
}
