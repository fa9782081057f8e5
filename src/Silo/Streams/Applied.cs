using Interactions.Contracts.Effects;

namespace Interactions.Silo.Streams;

/// <summary>What an entry did to the fold. Immutable.</summary>
/// <param name="Answers">One for each batch of the entry, in order.</param>
/// <param name="Shown">What it changed of what viewers see.</param>
public sealed record Applied(IReadOnlyList<BatchAnswer> Answers, EntryEffects Shown);
