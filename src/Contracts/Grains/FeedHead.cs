namespace Interactions.Contracts.Grains;

/// <summary>How far a stream is.</summary>
[GenerateSerializer, Immutable, Alias("interactions.feedHead")]
public readonly record struct FeedHead(string Stream, Position Head);
