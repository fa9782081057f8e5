namespace Interactions.Contracts.Batches;

/// <summary>A node says that it is alive, in <see cref="StreamIds.Nodes"/>.</summary>
public sealed record NodeLease(string Node) : BatchItem;
