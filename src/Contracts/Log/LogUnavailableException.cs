namespace Interactions.Contracts.Log;

/// <summary>The store did not answer: whether an append was taken is unknown. Retry the same sequence.</summary>
[GenerateSerializer, Immutable, Alias("interactions.logUnavailableException")]
public sealed class LogUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
