namespace Interactions.Silo.Streams;

/// <param name="SetAtMs">When it was decided; the last decision counts.</param>
/// <param name="UntilMs">Log time; <see cref="Endless"/> = until unbanned, 0 = unbanned.</param>
internal readonly record struct BanMark(long SetAtMs, long UntilMs, bool Shadow)
{
    public const long Endless = long.MaxValue;

    public bool IsActive(long nowMs) => UntilMs > nowMs;
}
