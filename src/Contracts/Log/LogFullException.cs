namespace Interactions.Contracts.Log;

/// <summary>The store has no room. Nothing was taken; the same sequence may be used again, for this or another batch.</summary>
[GenerateSerializer, Immutable, Alias("interactions.logFullException")]
public sealed class LogFullException(string message, Exception? inner = null) : Exception(message, inner);
