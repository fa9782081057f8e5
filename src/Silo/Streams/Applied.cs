using Interactions.Contracts;

namespace Interactions.Silo.Streams;

/// <summary>What an entry did to the fold. Immutable.</summary>
public sealed class Applied
{
    public required Position Position { get; init; }

    /// <summary>The entry's log time.</summary>
    public required long AtMs { get; init; }

    /// <summary>When a node accepted the oldest item of the entry; 0 = not known.</summary>
    public required long OldestMs { get; init; }

    public required string Producer { get; init; }

    public required long Sequence { get; init; }

    /// <summary>One for each item of the batch, in order.</summary>
    public required ItemResult[] Results { get; init; }

    /// <summary>In the order in which they were applied.</summary>
    public required IReadOnlyList<Effect> Effects { get; init; }

    internal static Applied Of(Contracts.Log.Entry entry, long atMs, long oldestMs, ItemResult[] results, Effect[] effects) => new()
    {
        Position = entry.Position,
        AtMs = atMs,
        OldestMs = oldestMs,
        Producer = entry.Producer,
        Sequence = entry.Sequence,
        Results = results,
        Effects = effects,
    };
}
