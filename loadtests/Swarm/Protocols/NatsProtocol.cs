using System.Buffers.Text;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Swarm.Protocols;

/// <summary>
/// A subscription to one subject of a NATS server through its WebSocket port (docs.nats.io, client protocol).
/// Messages are taken to be whole in a WebSocket frame, which holds for the small ones that are compared.
/// </summary>
internal sealed class NatsProtocol(string host) : WebSocketProtocol(host, null)
{
    private static readonly byte[] Pong = WebSocketFrames.Client(WebSocketFrames.Binary, "PONG\r\n"u8);

    protected override byte[]? Upgraded(Viewer viewer) => null;

    protected override byte[]? Greeted(Viewer viewer, ReadOnlySpan<byte> payload)
    {
        if (payload.StartsWith("PONG"u8)) viewer.IsOpen = true;
        if (!payload.StartsWith("INFO"u8)) return null;
        var subscribe = $"CONNECT {{\"verbose\":false,\"pedantic\":false}}\r\nSUB {viewer.StreamId} 1\r\nPING\r\n";
        return WebSocketFrames.Client(WebSocketFrames.Binary, System.Text.Encoding.ASCII.GetBytes(subscribe));
    }

    protected override void Message(ReadOnlySpan<byte> payload, MessageBatch into)
    {
        while (payload.IndexOf("\r\n"u8) is var end and >= 0)
        {
            var line = payload[..end];
            payload = payload[(end + 2)..];
            if (line.StartsWith("PING"u8)) into.Reply = Pong;
            if (!line.StartsWith("MSG "u8)) continue;
            if (!Utf8Parser.TryParse(line[(line.LastIndexOf((byte)' ') + 1)..], out int size, out _) || payload.Length < size + 2)
            {
                throw new FormatException("A NATS message is spread over WebSocket frames.");
            }

            into.Add(payload[..size], MessageSort.Frame);
            payload = payload[(size + 2)..];
        }
    }
}
