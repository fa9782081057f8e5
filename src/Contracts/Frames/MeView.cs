namespace Interactions.Contracts.Frames;

/// <summary>What a user may know of themselves in a stream.</summary>
/// <param name="Reactions">The once-per-user kinds that are on.</param>
/// <param name="Votes">Their vote in each kept poll.</param>
/// <param name="Ban">Null when not banned; a shadow ban is not told.</param>
/// <param name="SlowModeWaitMs">How long until they may comment again; 0 = now.</param>
[GenerateSerializer, Immutable, Alias("interactions.meView")]
public sealed record MeView(IReadOnlyList<string> Reactions, IReadOnlyList<(string Poll, int Choice)> Votes, ShownBan? Ban, long SlowModeWaitMs);
