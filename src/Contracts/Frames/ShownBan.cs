namespace Interactions.Contracts.Frames;

/// <summary>A ban as the banned user is told of it. A shadow ban is told to nobody but moderators.</summary>
/// <param name="UntilMs">Log time, ms since 1970 UTC; null = until unbanned.</param>
[GenerateSerializer, Immutable, Alias("interactions.shownBan")]
public sealed record ShownBan(long? UntilMs);
