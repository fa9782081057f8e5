using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Swarm.Protocols;

/// <summary>Socket.IO 4 over a WebSocket from the start (socket.io, docs/socket.io-protocol v5 on engine.io-protocol v4).</summary>
internal sealed class SocketIoProtocol(string host) : WebSocketProtocol(host, null)
{
    private static readonly byte[] Pong = Text("3");

    protected override byte[]? Upgraded(Viewer viewer) => null;

    protected override byte[]? Greeted(Viewer viewer, ReadOnlySpan<byte> payload)
    {
        // 0 = engine.io open, 40 = connected to the namespace, 44 = refused
        if (payload.StartsWith("40"u8)) viewer.IsOpen = true;
        else if (payload.StartsWith("44"u8)) viewer.Refusal = -1;
        return payload.StartsWith("0"u8) ? Text("40") : null;
    }

    protected override void Message(ReadOnlySpan<byte> payload, MessageBatch into)
    {
        if (payload.SequenceEqual("2"u8)) into.Reply = Pong;
        else if (payload.StartsWith("42["u8) && payload.IndexOf((byte)',') is var comma and > 0) into.Add(payload[(comma + 1)..^1], MessageSort.Frame);
    }
}
