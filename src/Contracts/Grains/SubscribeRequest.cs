namespace Interactions.Contracts.Grains;

/// <param name="Frontend">The frontend's id, new per process.</param>
/// <param name="Observer">Whom to push to.</param>
/// <param name="From">What it has already; <see cref="Position.Start"/> = nothing.</param>
[GenerateSerializer, Immutable, Alias("interactions.subscribeRequest")]
public sealed record SubscribeRequest(string Frontend, IFeedObserver Observer, Position From);
