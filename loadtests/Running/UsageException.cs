namespace Interactions.LoadTests.Running;

/// <summary>The command line cannot be followed; the message says which part.</summary>
internal sealed class UsageException(string message) : Exception(message);
