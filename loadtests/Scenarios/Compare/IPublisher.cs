namespace Interactions.LoadTests.Scenarios.Compare;

/// <summary>How a peer is given one frame for everyone.</summary>
internal interface IPublisher : IDisposable
{
    Task PublishAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken);

    /// <param name="how"><c>http://…</c> posts, <c>udp://host:port</c> sends a datagram that is a line, <c>nats://host:port/subject</c> publishes.</param>
    static IPublisher Of(string how) => new Uri(how) switch
    {
        { Scheme: "http" } address => new PostPublisher(address),
        { Scheme: "udp" } address => new DatagramPublisher(address),
        { Scheme: "nats" } address => new NatsPublisher(address),
        _ => throw new Running.UsageException($"--publish {how} begins with none of http, udp and nats."),
    };
}
