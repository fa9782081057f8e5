using System.Buffers.Text;
using System.Text;
using Interactions.LoadTests.Swarm.Protocols;

namespace Interactions.LoadTests.Swarm.Sending;

/// <summary>Sends over a WebSocket, one interaction a message; skips the frames that come between the answers.</summary>
internal sealed class SocketSender(int index, string host, string token, string stream, SendCounts counts) : SendConnection(index, host, token, counts)
{
    private const int LargestHead = 14;

    private readonly Dictionary<long, Unanswered> _unanswered = [];
    private long _reference;

    public override int UnansweredCount => _unanswered.Count;

    public override IEnumerable<Unanswered> Open => _unanswered.Values;

    public override void Greet() => Queue(Encoding.ASCII.GetBytes(
        $"GET /v1/streams/{stream}/socket HTTP/1.1\r\nHost: {Host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: interactions.v1.json\r\nAuthorization: Bearer {Token}\r\n\r\n"));

    public override void Send(in Unanswered what, ReadOnlySpan<byte> item)
    {
        Span<byte> start = stackalloc byte[64];
        "{\"t\":\"send\",\"ref\":"u8.CopyTo(start);
        Utf8Formatter.TryFormat(++_reference, start[18..], out var digits);
        ",\"items\":["u8.CopyTo(start[(18 + digits)..]);
        start = start[..(28 + digits)];
        var length = start.Length + item.Length + 2;
        var room = Room(length + LargestHead);
        var at = WebSocketFrames.WriteHead(room, WebSocketFrames.Text, length);
        start.CopyTo(room[at..]);
        item.CopyTo(room[(at + start.Length)..]);
        "]}"u8.CopyTo(room[(at + start.Length + item.Length)..]);
        Wrote(at + length);
        _unanswered.Add(_reference, what);
    }

    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        if (!IsOpen)
        {
            used = bytes.IndexOf("\r\n\r\n"u8) + 4;
            if (used < 4) return 0;
            if (bytes.StartsWith("HTTP/1.1 101"u8)) IsOpen = true;
            else Problem = $"the upgrade was answered: {Encoding.ASCII.GetString(bytes[..bytes.IndexOf((byte)'\r')])}";
        }

        while (WebSocketFrames.Read(bytes[used..], out var opcode, out var payload) is var length and > 0)
        {
            used += length;
            if (opcode == WebSocketFrames.Text) Heard(payload);
            else if (opcode == WebSocketFrames.Ping) Queue(WebSocketFrames.Client(WebSocketFrames.Pong, payload));
            else if (opcode == WebSocketFrames.Close) Problem ??= "the service closed the WebSocket";
        }

        return used;
    }

    private void Heard(ReadOnlySpan<byte> message)
    {
        var isAnswer = message.StartsWith("{\"t\":\"ack\""u8);
        if (!isAnswer && !message.StartsWith("{\"t\":\"error\""u8)) return;
        var at = message.IndexOf("\"ref\":"u8);
        if (at >= 0 && Utf8Parser.TryParse(message[(at + 6)..], out long reference, out _) && _unanswered.Remove(reference, out var what)) Answered(what, message);
        else if (!isAnswer) Problem ??= Encoding.UTF8.GetString(message);
    }
}
