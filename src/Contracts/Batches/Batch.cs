namespace Interactions.Contracts.Batches;

/// <summary>What a frontend sends a stream at once, or what the stream's own grain adds.</summary>
/// <param name="Frontend">Who: a frontend's id, new per process; empty = the grain itself.</param>
/// <param name="Sequence">The frontend's number of it in this stream, rising from 1; 0 = the grain's own.</param>
/// <param name="OldestMs">When the frontend accepted the oldest item, in ms since 1970 UTC by its own clock; 0 = not known.</param>
/// <param name="Items">In order.</param>
public sealed record Batch(string Frontend, long Sequence, long OldestMs, IReadOnlyList<BatchItem> Items)
{
    /// <summary>About what it takes in an entry.</summary>
    public int SizeBytes => Items.Sum(static item => item.SizeBytes);
}
