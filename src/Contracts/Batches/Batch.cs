namespace Interactions.Contracts.Batches;

/// <summary>What a node appends at once: the decoded form of <see cref="Log.Entry.Batch"/>.</summary>
/// <param name="OldestMs">When the node accepted the oldest item, in ms since 1970 UTC by that node's clock.</param>
/// <param name="Items">In order; the index in here is the INDEX of an id.</param>
public sealed record Batch(long OldestMs, IReadOnlyList<BatchItem> Items);
