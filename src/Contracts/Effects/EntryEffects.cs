namespace Interactions.Contracts.Effects;

/// <summary>What one entry of a stream's log changed of what viewers see. Immutable.</summary>
/// <param name="AtMs">The entry's log time, ms since 1970 UTC.</param>
/// <param name="OldestMs">When a frontend accepted the oldest item of the entry; 0 = not known.</param>
/// <param name="Effects">Each value at most once; comments, cues and the roster in the order in which they were decided.</param>
public sealed record EntryEffects(Position Position, long AtMs, long OldestMs, IReadOnlyList<ViewEffect> Effects)
{
    internal const int Overhead = 64;
    internal const int EffectOverhead = 8;

    /// <summary>About what it costs to keep.</summary>
    public int SizeBytes
    {
        get
        {
            var size = Overhead + (EffectOverhead * Effects.Count);
            for (var i = 0; i < Effects.Count; i++) size += Effects[i].SizeBytes;
            return size;
        }
    }
}
