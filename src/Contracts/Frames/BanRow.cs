namespace Interactions.Contracts.Frames;

/// <summary>A running ban, as moderators see it.</summary>
/// <param name="UntilMs">Log time, ms since 1970 UTC; null = until unbanned.</param>
[GenerateSerializer, Immutable, Alias("interactions.banRow")]
public sealed record BanRow(string User, long? UntilMs, bool Shadow);
