namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>What a message from a service is to a viewer.</summary>
internal enum MessageSort : byte
{
    /// <summary>Nothing to count: a comment line, a pong.</summary>
    Other,
    Snapshot,
    Frame,
    Bye,
    Error,
}
