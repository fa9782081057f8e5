using System.Text;

namespace Interactions.LoadTests.Traces;

/// <summary>
/// Made-up comments of an exact length in UTF-8 and in the scripts that real ones come in: Latin with accents,
/// emoji (joined and with skin tones), Arabic and Hebrew (right to left), Chinese, Japanese and Korean.
/// Never begins or ends with a space, so a service that trims does not change it.
/// </summary>
internal static class MixedText
{
    private static readonly string[] Latin = ["a", "e", "i", "o", "u", "n", "r", "s", "t", "l", "d", "m", "é", "ü", "ñ", "ç", "ø", "ß", "!", "?", "\"", "\\", "<", "&"];
    private static readonly string[] Emoji = ["🎉", "😂", "❤️", "🔥", "👏", "👍🏽", "👩‍👩‍👧", "🏳️‍🌈", "🇨🇭", "⚽", "é"];
    private static readonly string[] Arabic = ["م", "ر", "ح", "ب", "ا", "ش", "ك", "ل", "ه", "د", "ف", "؟"];
    private static readonly string[] Hebrew = ["ש", "ל", "ו", "ם", "ת", "ד", "ה", "ג", "ר", "מ"];
    private static readonly string[] EastAsian = ["你", "好", "球", "进", "了", "す", "ご", "い", "カ", "ッ", "대", "박", "한", "국", "𠮷"];

    private static readonly string[][] Scripts = [Latin, Latin, Latin, Latin, Latin, Emoji, Arabic, Hebrew, EastAsian];

    /// <param name="utf8Bytes">At least 1.</param>
    public static string OfLength(int utf8Bytes, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(utf8Bytes, 1);
        var text = new StringBuilder(utf8Bytes);
        var script = Scripts[random.Next(Scripts.Length)];
        var left = utf8Bytes;
        var word = 0;
        while (left > 0)
        {
            if (word > 2 && left > 1 && random.Next(4) == 0)
            {
                // Real comments change script between words: a name, a quotation, an emoji.
                if (random.Next(6) == 0) script = Scripts[random.Next(Scripts.Length)];
                text.Append(' ');
                left--;
                word = 0;
                continue;
            }

            var glyph = script[random.Next(script.Length)];
            var size = Encoding.UTF8.GetByteCount(glyph);
            if (size > left)
            {
                glyph = Latin[random.Next(12)];
                size = 1;
            }

            text.Append(glyph);
            left -= size;
            word++;
        }

        return text.ToString();
    }
}
