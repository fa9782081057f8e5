using Interactions.Contracts;

namespace Interactions.Silo.Streams;

/// <summary>What became of a batch.</summary>
/// <param name="Results">One for each of its items, in order; empty if it was refused.</param>
public sealed record BatchAnswer(string Frontend, long Sequence, BatchOutcome Outcome, ItemResult[] Results)
{
    public bool IsRefused => Outcome is BatchOutcome.Outdated or BatchOutcome.TooManyFrontends;
}
