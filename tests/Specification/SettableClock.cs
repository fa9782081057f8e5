namespace Interactions.Tests.Specification;

/// <summary>The system's timers, and a time of day that a test sets.</summary>
public sealed class SettableClock : TimeProvider
{
    private long _nowMs = 1_763_660_000_000;

    public long NowMs
    {
        get => Interlocked.Read(ref _nowMs);
        set => Interlocked.Exchange(ref _nowMs, value);
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);
}
