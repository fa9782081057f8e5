namespace Interactions.Silo.Nodes;

/// <summary>The log does not continue this producer's chain: the stream was deleted, or began a new life.</summary>
public sealed class ProducerRefusedException(string stream) : Exception($"The log of {stream} does not know this producer's chain any more.");
