namespace Interactions.Silo.Logs;

/// <summary>The last entry of a producer in a stream.</summary>
internal readonly record struct ProducerState(long Sequence, long Offset, long AtMs);
