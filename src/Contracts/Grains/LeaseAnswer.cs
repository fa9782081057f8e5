namespace Interactions.Contracts.Grains;

/// <param name="Version">Of the membership of silos; only rises.</param>
/// <param name="Silos">The addresses of the silos that have streams.</param>
/// <param name="Heads">Of this silo's streams that the frontend subscribes to: those that moved since its last call.</param>
[GenerateSerializer, Immutable, Alias("interactions.leaseAnswer")]
public sealed record LeaseAnswer(long Version, IReadOnlyList<string> Silos, IReadOnlyList<FeedHead> Heads);
