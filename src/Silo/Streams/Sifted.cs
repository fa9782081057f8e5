using Interactions.Contracts.Batches;

namespace Interactions.Silo.Streams;

/// <summary>A batch that passed an <see cref="EntrySieve"/>.</summary>
/// <param name="Stored">As it goes into the entry: in place of what is refused already stands a <see cref="Rejected"/>.</param>
/// <param name="Answer">Not null: nothing of the batch is to be stored, and this is its answer.</param>
public readonly record struct Sifted(Batch Stored, BatchAnswer? Answer);
