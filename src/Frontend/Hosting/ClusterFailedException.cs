namespace Interactions.Frontend.Hosting;

/// <summary>This process can't take its part in the cluster; the message says why, and which setting it is about.</summary>
internal sealed class ClusterFailedException(string message, Exception inner) : Exception(message, inner);
