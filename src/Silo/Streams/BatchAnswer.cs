using Interactions.Contracts;

namespace Interactions.Silo.Streams;

/// <summary>What became of a batch.</summary>
/// <param name="Results">One for each of its items, in order.</param>
public sealed record BatchAnswer(string Frontend, long Sequence, ItemResult[] Results);
