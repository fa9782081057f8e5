using System.Buffers.Text;
using System.Globalization;

namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>
/// The time at which a comment was to be sent, written into its text: <c>~TICKS~ …</c>. Ticks are those of
/// <see cref="System.Diagnostics.Stopwatch"/>, which on Linux is one clock for all processes.
/// </summary>
internal static class CommentStamp
{
    private const byte Mark = (byte)'~';

    public static string Write(long ticks, string rest) => string.Create(CultureInfo.InvariantCulture, $"~{ticks}~ {rest}");

    public static bool TryRead(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        return text.Length > 2 && text[0] == Mark && Utf8Parser.TryParse(text[1..], out ticks, out var used) && text.Length > used + 1 && text[used + 1] == Mark;
    }
}
