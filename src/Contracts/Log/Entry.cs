namespace Interactions.Contracts.Log;

/// <summary>One ordered, durable batch of a stream's log.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="AtMs">Log time, ms since 1970 UTC: never less than the entry's before it.</param>
/// <param name="Producer">Who appended it.</param>
/// <param name="Sequence">Its number in that producer's chain.</param>
/// <param name="Batch">Opaque to the log; see <see cref="Batches.BatchCodec"/>.</param>
public sealed record Entry(Position Position, long AtMs, string Producer, long Sequence, ReadOnlyMemory<byte> Batch)
{
    /// <summary>Where it was first ordered, if it was put back after its store had lost it; null = at <see cref="Position"/>. Names what it holds.</summary>
    public Position? Origin { get; init; }
}
