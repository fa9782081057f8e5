namespace Interactions.Contracts.Frames;

[GenerateSerializer, Immutable, Alias("interactions.kindCount")]
public readonly record struct KindCount(string Kind, long Count);
