using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Swarm.Protocols;

/// <summary>Frames as text messages of a WebSocket; what other protocols add on top overrides the two hooks.</summary>
internal class WebSocketProtocol(string host, string? subprotocol) : WireProtocol(host)
{
    private const int Upgrading = 0;

    public override byte[] Opening(Viewer viewer) => Request(
        viewer.Position is { } position ? $"{viewer.Path}{(viewer.Path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}position={position}" : viewer.Path,
        null);

    public sealed override int Handshake(Viewer viewer, ReadOnlySpan<byte> bytes, out byte[]? reply)
    {
        reply = null;
        if (viewer.Stage == Upgrading)
        {
            var head = Head(bytes, out var status, out _);
            if (head == 0) return 0;
            if (status != 101) viewer.Refusal = status;
            else reply = Upgraded(viewer);
            viewer.Stage++;
            return head;
        }

        var used = WebSocketFrames.Read(bytes, out var opcode, out var payload);
        if (used == 0) return 0;
        if (opcode == WebSocketFrames.Close) viewer.Refusal = -1;
        else reply = Greeted(viewer, payload);
        return used;
    }

    public sealed override int Parse(int mode, ReadOnlySpan<byte> bytes, MessageBatch into)
    {
        var used = 0;
        while (WebSocketFrames.Read(bytes[used..], out var opcode, out var payload) is var length and > 0)
        {
            if (opcode is WebSocketFrames.Text or WebSocketFrames.Binary) Message(payload, into);
            else if (opcode == WebSocketFrames.Ping) into.Reply = WebSocketFrames.Client(WebSocketFrames.Pong, payload);
            else if (opcode == WebSocketFrames.Close) into.Ends = true;
            used += length;
        }

        return used;
    }

    /// <summary>The upgrade was granted: what to say next. Without more to agree on the viewer is open.</summary>
    protected virtual byte[]? Upgraded(Viewer viewer)
    {
        viewer.IsOpen = true;
        return null;
    }

    /// <summary>A message came before the viewer is open: what to say to it.</summary>
    protected virtual byte[]? Greeted(Viewer viewer, ReadOnlySpan<byte> payload) => null;

    protected virtual void Message(ReadOnlySpan<byte> payload, MessageBatch into) => into.Add(payload, MessageSort.Frame);

    protected static byte[] Text(string message) => WebSocketFrames.Client(WebSocketFrames.Text, System.Text.Encoding.UTF8.GetBytes(message));

    protected byte[] Request(string pathAndQuery, string? token) => Get(
        pathAndQuery,
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        + (subprotocol is null ? "" : $"Sec-WebSocket-Protocol: {subprotocol}\r\n")
        + (token is null ? "" : $"Authorization: Bearer {token}\r\n"));
}
