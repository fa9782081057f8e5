namespace Interactions.Contracts.Log;

/// <summary>A fold stored at a position.</summary>
/// <param name="Position">The last entry folded into it.</param>
/// <param name="AtMs">That entry's log time.</param>
/// <param name="State">Opaque to the log.</param>
public sealed record LogSnapshot(Position Position, long AtMs, ReadOnlyMemory<byte> State);
