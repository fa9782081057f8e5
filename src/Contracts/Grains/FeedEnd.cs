namespace Interactions.Contracts.Grains;

/// <param name="Creation">Which stream of that id.</param>
/// <param name="Reason">Why.</param>
[GenerateSerializer, Immutable, Alias("interactions.feedEnd")]
public sealed record FeedEnd(string Stream, ulong Creation, FeedEndReason Reason);
