namespace Interactions.Contracts.Frames;

[GenerateSerializer, Immutable]
public readonly record struct KindCount(string Kind, long Count);
