using System.Buffers.Text;

namespace Interactions.InProcess.LogCeiling;

/// <summary>Just enough of Redis's protocol (RESP2) to tell where an answer ends and what stands in it, without a copy.</summary>
internal static class Resp
{
    /// <summary>The length of the whole answer at the start of these bytes; 0 when it is not all there yet.</summary>
    /// <exception cref="InvalidOperationException">It is an error, or no answer at all.</exception>
    public static int Length(ReadOnlySpan<byte> bytes)
    {
        if (!TryLine(bytes, out var line, out var length)) return 0;
        switch (line[0])
        {
            case (byte)'+' or (byte)':':
                return length;
            case (byte)'$':
                var text = Number(line[1..]);
                if (text < 0) return length;
                return bytes.Length < length + text + 2 ? 0 : length + (int)text + 2;
            case (byte)'*':
                for (var left = Number(line[1..]); left > 0; left--)
                {
                    var part = Length(bytes[length..]);
                    if (part == 0) return 0;
                    length += part;
                }

                return length;
            default:
                throw new InvalidOperationException("Redis: " + System.Text.Encoding.UTF8.GetString(line));
        }
    }

    /// <summary>An element of an array answer that is whole: a text's bytes, a number's digits.</summary>
    public static ReadOnlySpan<byte> Element(ReadOnlySpan<byte> array, int index)
    {
        TryLine(array, out _, out var at);
        for (; index > 0; index--) at += Length(array[at..]);
        TryLine(array[at..], out var line, out var header);
        return line[0] == (byte)'$' ? array.Slice(at + header, (int)Number(line[1..])) : line[1..];
    }

    public static long Number(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out long value, out _) ? value : throw new InvalidOperationException("Redis: not a number.");

    private static bool TryLine(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> line, out int length)
    {
        var end = bytes.IndexOf("\r\n"u8);
        line = bytes[..Math.Max(end, 0)];
        length = end + 2;
        return end > 0;
    }
}
