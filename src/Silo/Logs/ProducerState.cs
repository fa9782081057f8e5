namespace Interactions.Silo.Logs;

/// <summary>The last entry of a producer in a stream.</summary>
internal readonly record struct ProducerState(long Sequence, long Offset, long AtMs);

/// <summary>Puts a <see cref="ProducerTable"/> back to before one change.</summary>
internal readonly record struct ProducerUndo(string Producer, ProducerState? Before, string? Evicted, ProducerState EvictedState);
