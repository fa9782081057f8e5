namespace Interactions.Silo.Streams;

/// <summary>
/// How log times are shown to clients: as they are, unless log time had to leave the clock. Then times that the clock
/// can't have said, because they lie ahead of it or come after it was set forward, are shown by the clock.
/// </summary>
/// <param name="FromMs">Log times from this one on are shown moved.</param>
/// <param name="ByMs">By how much; 0 = log time and the clock agree.</param>
public readonly record struct ShownTime(long FromMs, long ByMs)
{
    /// <summary>A log time, ms since 1970 UTC, as a client is told it; 0 stays 0.</summary>
    public long Show(long atMs) => ByMs == 0 || atMs < FromMs ? atMs : atMs + ByMs;
}
