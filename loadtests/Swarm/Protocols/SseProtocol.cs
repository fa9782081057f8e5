using System.Buffers.Text;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Swarm.Protocols;

/// <summary>An event stream over HTTP/1.1, its body chunked or ended by the connection (WHATWG HTML 9.2, RFC 9112 7.1).</summary>
internal sealed class SseProtocol(string host) : WireProtocol(host)
{
    private const int Plain = 0;
    private const int Chunked = 1;

    private byte[] _body = new byte[64 * 1024];

    public override byte[] Opening(Viewer viewer) => Get(
        viewer.Path,
        "Accept: text/event-stream\r\n" + (viewer.Position is { } position ? $"Last-Event-ID: {position}\r\n" : ""));

    public override int Handshake(Viewer viewer, ReadOnlySpan<byte> bytes, out byte[]? reply)
    {
        reply = null;
        var length = Head(bytes, out var status, out var chunked);
        if (length == 0) return 0;
        viewer.Mode = chunked ? Chunked : Plain;
        if (status == 200) viewer.IsOpen = true;
        else viewer.Refusal = status;
        return length;
    }

    public override int Parse(int mode, ReadOnlySpan<byte> bytes, MessageBatch into) => mode == Plain ? Events(bytes, into) : Chunks(bytes, into);

    /// <summary>Puts the chunks' contents together; what was used ends where a chunk and an event end together.</summary>
    private int Chunks(ReadOnlySpan<byte> bytes, MessageBatch into)
    {
        var used = 0;
        var scanned = 0;
        var length = 0;
        var at = 0;
        while (bytes[at..].IndexOf((byte)'\n') is var line and >= 0)
        {
            if (!Utf8Parser.TryParse(bytes[at..], out int size, out _, 'x')) throw new FormatException("A chunk has no size.");
            var start = at + line + 1;
            if (size == 0)
            {
                into.Ends = true;
                return bytes.Length;
            }

            if (start + size + 2 > bytes.Length) break;
            if (_body.Length < length + size) Array.Resize(ref _body, (length + size) * 2);
            bytes.Slice(start, size).CopyTo(_body.AsSpan(length));
            length += size;
            at = start + size + 2;
            if (!_body.AsSpan(0, length).EndsWith("\n\n"u8)) continue;
            scanned += Events(_body.AsSpan(scanned, length - scanned), into);
            used = at;
        }

        return used;
    }

    private static int Events(ReadOnlySpan<byte> bytes, MessageBatch into)
    {
        var used = 0;
        while (bytes[used..].IndexOf("\n\n"u8) is var end and >= 0)
        {
            Event(bytes.Slice(used, end + 1), into);
            used += end + 2;
        }

        return used;
    }

    private static void Event(ReadOnlySpan<byte> lines, MessageBatch into)
    {
        var sort = MessageSort.Frame; // a peer's events have no name
        while (lines.IndexOf((byte)'\n') is var end and >= 0)
        {
            var line = lines[..end];
            lines = lines[(end + 1)..];
            if (line.StartsWith("data:"u8))
            {
                into.Add(line[5..].TrimStart((byte)' '), sort);
            }
            else if (line.StartsWith("event:"u8))
            {
                var name = line[6..].Trim((byte)' ');
                sort = name.SequenceEqual("frame"u8) ? MessageSort.Frame
                    : name.SequenceEqual("snapshot"u8) ? MessageSort.Snapshot
                    : name.SequenceEqual("bye"u8) ? MessageSort.Bye
                    : MessageSort.Other;
            }
        }
    }
}
