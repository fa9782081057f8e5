namespace Interactions.Contracts.Log;

/// <param name="Status">Whether it stands in the log.</param>
/// <param name="Position">Where, unless refused.</param>
/// <param name="AtMs">Its log time, unless refused.</param>
/// <param name="LastSequence">The producer's last sequence that the log holds, after this call; 0 = none.</param>
public readonly record struct AppendResult(AppendStatus Status, Position Position, long AtMs, long LastSequence);
