namespace Interactions.Contracts.Log;

/// <summary>What is stored is not what was written, so this can't be answered, now or later. The log has said so to the operator.</summary>
[GenerateSerializer, Immutable, Alias("interactions.logDamagedException")]
public sealed class LogDamagedException(string message, Exception? inner = null) : Exception(message, inner);
