namespace Interactions.LoadTests.Clients;

/// <summary>One way to watch a stream.</summary>
internal interface IFrameSource
{
    string Transport { get; }

    /// <summary>
    /// Connects and hands over every message, in order, from one thread at a time, until the connection ends.
    /// Returns when the service closed it; throws when it broke.
    /// </summary>
    /// <param name="position">Where to resume; null = from a snapshot.</param>
    Task WatchAsync(string? position, IMessageHandler handler, CancellationToken cancellationToken);
}
