using System.Net.Sockets;
using System.Text;

namespace Interactions.LoadTests.Scenarios.Compare;

/// <summary>Publishes to a NATS subject over its plain TCP protocol. What the server says is read away.</summary>
internal sealed class NatsPublisher : IPublisher
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly string _subject;

    public NatsPublisher(Uri address)
    {
        _client = new TcpClient(address.Host, address.Port) { NoDelay = true };
        _stream = _client.GetStream();
        _subject = address.AbsolutePath.Trim('/');
        _stream.Write("CONNECT {\"verbose\":false,\"pedantic\":false}\r\n"u8);
        _ = ReadAwayAsync();
    }

    public async Task PublishAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) =>
        await _stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"PUB {_subject} {frame.Length}\r\n"), .. frame.Span, .. "\r\n"u8], cancellationToken);

    public void Dispose() => _client.Dispose();

    private async Task ReadAwayAsync()
    {
        var scratch = new byte[4096];
        try
        {
            while (await _stream.ReadAsync(scratch) is var count and > 0)
            {
                if (scratch.AsSpan(0, count).IndexOf("PING"u8) >= 0) await _stream.WriteAsync("PONG\r\n"u8.ToArray());
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // Disposed.
        }
    }
}
