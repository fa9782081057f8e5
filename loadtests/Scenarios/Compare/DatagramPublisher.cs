using System.Net.Sockets;

namespace Interactions.LoadTests.Scenarios.Compare;

/// <summary>Sends each frame, ended by a line feed, as a datagram.</summary>
internal sealed class DatagramPublisher(Uri address) : IPublisher
{
    private readonly UdpClient _client = new(address.Host, address.Port);

    public async Task PublishAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) =>
        await _client.SendAsync((byte[])[.. frame.Span, (byte)'\n'], cancellationToken);

    public void Dispose() => _client.Dispose();
}
