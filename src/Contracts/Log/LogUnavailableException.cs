namespace Interactions.Contracts.Log;

/// <summary>The store did not answer: whether an append was taken is unknown. Retry the same sequence.</summary>
public sealed class LogUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
