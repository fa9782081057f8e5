namespace Interactions.Contracts.Grains;

/// <param name="Frontend">The frontend's id, new per process.</param>
/// <param name="Observer">Whom the silo's streams push to.</param>
/// <param name="Received">The newest <see cref="PushMark"/> of this silo that arrived; 0 = none did.</param>
[GenerateSerializer, Immutable, Alias("interactions.leaseRequest")]
public sealed record LeaseRequest(string Frontend, IFeedObserver Observer, long Received);
