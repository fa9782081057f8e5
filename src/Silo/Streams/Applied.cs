using Interactions.Contracts;
using Interactions.Contracts.Effects;

namespace Interactions.Silo.Streams;

/// <summary>What an entry did to the fold. Immutable.</summary>
/// <param name="Results">One for each item of the batch, in order.</param>
/// <param name="Shown">What it changed of what viewers see.</param>
public sealed record Applied(string Producer, long Sequence, ItemResult[] Results, EntryEffects Shown);
