using System.Text;

namespace Interactions.Contracts.Text;

/// <summary>Names of people, and titles, as others see them, among other text and on one line.</summary>
public static class DisplayNames
{
    /// <summary>Arabic, and what comes after it: Latin, Greek, Cyrillic, Armenian and Hebrew letters are not shaped.</summary>
    private const int FirstShaped = 0x0600;

    private const int FirstIdeograph = 0x3400;
    private const int BlackFlag = 0x1F3F4;

    /// <summary>
    /// Without what could reach beyond the name or hide in it: control characters, line breaks (a space each), characters that direct
    /// the order of text (Unicode's <c>Bidi_Control</c>), and all else that is invisible. What shapes the letter or emoji before it stays.
    /// </summary>
    /// <returns>Null: nothing would be seen of it.</returns>
    public static string? Clean(string name)
    {
        if (!Blanks.ShowsAnything(name)) return null;
        var clean = new StringBuilder(name.Length);
        var last = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029)
            {
                if (Rune.IsWhiteSpace(rune)) clean.Append(' ');
            }
            else if (!Blanks.IsInvisible(rune) || Shapes(rune.Value, last))
            {
                clean.Append(rune);
                last = rune.Value;
            }
        }

        return clean.ToString().Trim();
    }

    // Joiners (Persian, Indic scripts, emoji), variation selectors (also of the digits of keycaps), and the tags that make flags of a
    // black one. After other characters they show nothing, and two names would look the same.
    private static bool Shapes(int codePoint, int last) => codePoint switch
    {
        0x200C or 0x200D or (>= 0xFE00 and <= 0xFE0E) => last >= FirstShaped,
        0xFE0F => last >= FirstShaped || last is '#' or '*' or (>= '0' and <= '9'),
        (>= 0x180B and <= 0x180D) or 0x180F => last is >= 0x1800 and <= 0x18AF,
        >= 0xE0020 and <= 0xE007F => last == BlackFlag || last is >= 0xE0020 and <= 0xE007F,
        >= 0xE0100 and <= 0xE01EF => last >= FirstIdeograph,
        _ => false,
    };
}
