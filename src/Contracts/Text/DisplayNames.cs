using System.Text;

namespace Interactions.Contracts.Text;

/// <summary>Names of people as others see them, among other text and on one line.</summary>
public static class DisplayNames
{
    /// <summary>
    /// Without what could reach beyond the name or hide in it: control characters, line breaks (a space each), characters that direct
    /// the order of text (Unicode's <c>Bidi_Control</c>), and all else that is invisible. What shapes letters and emoji stays.
    /// </summary>
    /// <returns>Null: nothing would be seen of it.</returns>
    public static string? Clean(string name)
    {
        if (!Blanks.ShowsAnything(name)) return null;
        var clean = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune.Value is 0x2028 or 0x2029)
            {
                if (Rune.IsWhiteSpace(rune)) clean.Append(' ');
            }
            else if (!Blanks.IsInvisible(rune) || Shapes(rune.Value))
            {
                clean.Append(rune);
            }
        }

        return clean.ToString().Trim();
    }

    // Joiners (Persian, Indic scripts, emoji), variation selectors, and the tags that make flags.
    private static bool Shapes(int codePoint) => codePoint
        is 0x200C or 0x200D or (>= 0x180B and <= 0x180D) or 0x180F or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0020 and <= 0xE007F) or (>= 0xE0100 and <= 0xE01EF);
}
