namespace Interactions.Silo.Logs.Rocks;

/// <summary>The log's folder can't be used. The message is one line for the operator: what is wrong, where, and what can be done.</summary>
public sealed class LogRefusedException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What is damaged, without what can be done; null: it is not damage.</summary>
    public string? Damage { get; init; }
}
