namespace Interactions.Contracts.Grains;

/// <param name="Version">Only rises.</param>
[GenerateSerializer, Immutable, Alias("interactions.silosAnswer")]
public sealed record SilosAnswer(long Version, IReadOnlyList<string> Silos);
