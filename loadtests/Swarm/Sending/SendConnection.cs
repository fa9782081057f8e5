using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Interactions.LoadTests.Swarm.Native;
using Interactions.LoadTests.Swarm.Protocols;
using Interactions.LoadTests.Swarm.Watching;

namespace Interactions.LoadTests.Swarm.Sending;

/// <summary>One sender's connection: writes messages into a buffer that is flushed once a round, and matches answers to them.</summary>
internal abstract class SendConnection(int index, string host, string token, SendCounts counts)
{
    private byte[] _out = new byte[16 * 1024];
    private int _outStart;
    private int _outEnd;
    private byte[] _partial = [];
    private int _partialLength;

    public int Index => index;

    public int Socket { get; set; } = -1;

    public bool IsOpen { get; protected set; }

    /// <summary>Why it is of no use any more; null = it is.</summary>
    public string? Problem { get; set; }

    public abstract int UnansweredCount { get; }

    public abstract IEnumerable<Unanswered> Open { get; }

    public bool HasOutput => _outEnd > _outStart;

    protected string Host => host;

    protected string Token => token;

    protected SendCounts Counts => counts;

    /// <summary>Queues what is sent first, if anything.</summary>
    public abstract void Greet();

    /// <param name="item">The interaction as JSON.</param>
    public abstract void Send(in Unanswered what, ReadOnlySpan<byte> item);

    /// <returns>How many bytes of whole answers were at the beginning.</returns>
    protected abstract int Take(ReadOnlySpan<byte> bytes);

    /// <summary>Sends what is queued as far as the system takes it.</summary>
    public void Flush()
    {
        if (!HasOutput) return;
        var sent = RawSocket.Send(Socket, _out.AsSpan(_outStart, _outEnd - _outStart));
        if (sent < 0) Problem ??= "the connection broke while sending";
        else _outStart += sent;
        if (_outStart == _outEnd) _outStart = _outEnd = 0;
    }

    /// <summary>Reads once.</summary>
    public void Read(byte[] buffer)
    {
        _partial.AsSpan(0, _partialLength).CopyTo(buffer);
        var count = RawSocket.Receive(Socket, buffer.AsSpan(_partialLength));
        if (count == RawSocket.Nothing) return;
        if (count == RawSocket.Gone)
        {
            Problem ??= "the service closed the connection";
            return;
        }

        var bytes = buffer.AsSpan(0, _partialLength + count);
        var used = Take(bytes);
        var rest = bytes[used..];
        if (rest.Length > _partial.Length) _partial = new byte[Math.Max(rest.Length, 4096)];
        rest.CopyTo(_partial);
        _partialLength = rest.Length;
        if (_partialLength == buffer.Length) Problem ??= "an answer is larger than the buffer";
    }

    protected void Queue(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _outEnd += bytes.Length;
    }

    /// <summary>Space to write into; <see cref="Wrote"/> says how much was used.</summary>
    protected Span<byte> Room(int length)
    {
        if (_outEnd + length > _out.Length)
        {
            var queued = _out.AsSpan(_outStart, _outEnd - _outStart);
            var larger = queued.Length + length > _out.Length ? new byte[(queued.Length + length) * 2] : _out;
            queued.CopyTo(larger);
            (_out, _outStart, _outEnd) = (larger, 0, queued.Length);
        }

        return _out.AsSpan(_outEnd);
    }

    protected void Wrote(int length) => _outEnd += length;

    /// <summary>Books the answer to one interaction: <c>"status":"accepted","id":"…"</c>, or a code.</summary>
    protected void Answered(in Unanswered what, ReadOnlySpan<byte> answer)
    {
        var took = (Stopwatch.GetTimestamp() - what.DueTicks) / (Stopwatch.Frequency / 1_000_000);
        if (answer.IndexOf("\"status\":\"accepted\""u8) >= 0) counts.Accepted(what, Value(answer, "\"id\":\""u8), took);
        else counts.Refused(what, Value(answer, "\"code\":\""u8) is { IsEmpty: false } code ? Encoding.UTF8.GetString(code) : "unreadable");
    }

    protected static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> json, ReadOnlySpan<byte> after)
    {
        var start = json.IndexOf(after);
        if (start < 0) return default;
        var value = json[(start + after.Length)..];
        return value[..Math.Max(0, value.IndexOf((byte)'"'))];
    }
}
