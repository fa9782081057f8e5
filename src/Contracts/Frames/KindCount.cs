namespace Interactions.Contracts.Frames;

public readonly record struct KindCount(string Kind, long Count);
