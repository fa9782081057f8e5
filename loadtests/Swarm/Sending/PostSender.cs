using System.Buffers.Text;
using System.Text;

namespace Interactions.LoadTests.Swarm.Sending;

/// <summary>Sends each interaction as a POST of its own on one kept-alive connection; answers come in order.</summary>
internal sealed class PostSender(int index, string host, string token, byte[][] streams, SendCounts counts) : SendConnection(index, host, token, counts)
{
    private readonly Queue<Unanswered> _unanswered = new();
    private readonly byte[] _headers = Encoding.ASCII.GetBytes(
        $"/interactions HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: ");

    public override int UnansweredCount => _unanswered.Count;

    public override IEnumerable<Unanswered> Open => _unanswered;

    public override void Greet() => IsOpen = true;

    public override void Send(in Unanswered what, ReadOnlySpan<byte> item)
    {
        Span<byte> length = stackalloc byte[24];
        Utf8Formatter.TryFormat(item.Length, length, out var digits);
        "\r\n\r\n"u8.CopyTo(length[digits..]);
        Queue("POST /v1/streams/"u8);
        Queue(streams[what.Stream]);
        Queue(_headers);
        Queue(length[..(digits + 4)]);
        Queue(item);
        _unanswered.Enqueue(what);
    }

    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (Answer(bytes[used..], out var body) is var length and > 0)
        {
            if (_unanswered.TryDequeue(out var what)) Answered(what, body);
            used += length;
        }

        return used;
    }

    /// <returns>The answer's length in all; 0 = it is not all there.</returns>
    private static int Answer(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> body)
    {
        body = default;
        var head = bytes.IndexOf("\r\n\r\n"u8);
        if (head < 0) return 0;
        var start = head + 4;
        var sized = bytes[..start].IndexOf("Content-Length: "u8);
        if (sized >= 0)
        {
            if (!Utf8Parser.TryParse(bytes[(sized + 16)..], out int length, out _)) throw new FormatException("An answer's length is not a number.");
            if (bytes.Length < start + length) return 0;
            body = bytes.Slice(start, length);
            return start + length;
        }

        // Chunked: answers are small, and what is looked for in them lies within one chunk.
        var end = bytes[start..].IndexOf("\r\n0\r\n\r\n"u8);
        if (end < 0) return 0;
        body = bytes.Slice(start, end);
        return start + end + 7;
    }
}
