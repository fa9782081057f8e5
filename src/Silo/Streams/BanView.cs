namespace Interactions.Silo.Streams;

/// <param name="UntilMs">Log time, ms since 1970 UTC; null = until unbanned.</param>
public sealed record BanView(long? UntilMs, bool Shadow);
