using System.Globalization;
using System.Text;

namespace Interactions.Contracts.Text;

/// <summary>Which code points show nothing. The one table of them.</summary>
/// <remarks>
/// Sources, Unicode 16.0: <c>White_Space</c> (PropList.txt), <c>Default_Ignorable_Code_Point</c> (DerivedCoreProperties.txt), the
/// general category Cc and the noncharacters (chapter 23.7); and from the code charts what is blank by its glyph alone, which no property
/// says. Marks without a base (Mn, Me) are taken from the runtime's own tables. An unassigned code point shows a box, so a character
/// that is newer than this table is text.
/// </remarks>
public static class Blanks
{
    /// <summary>Takes up room without ink: first to last, in order.</summary>
    private static readonly (int First, int Last)[] Spaces =
    [
        (0x0009, 0x000D), (0x0020, 0x0020), (0x0085, 0x0085), (0x00A0, 0x00A0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
        (0x202F, 0x202F), (0x205F, 0x205F), // White_Space
        (0x2800, 0x2800), // Braille pattern blank
        (0x3000, 0x3000), // White_Space
        (0x3164, 0x3164), (0xFFA0, 0xFFA0), // Hangul fillers, default-ignorable, which most fonts show as wide as a syllable
        (0x13441, 0x13442), // Egyptian hieroglyph full and half blank
        (0x1D159, 0x1D159), // musical symbol null notehead
    ];

    /// <summary>Takes up no room: first to last, in order.</summary>
    private static readonly (int First, int Last)[] Invisible =
    [
        (0x0000, 0x0008), (0x000E, 0x001F), (0x007F, 0x0084), (0x0086, 0x009F), // Cc
        (0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
        (0x202A, 0x202E), (0x2060, 0x206F), // Default_Ignorable_Code_Point
        (0xFDD0, 0xFDEF), // noncharacters
        (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFF0, 0xFFF8), // Default_Ignorable_Code_Point
        (0xFFF9, 0xFFFC), // interlinear annotation, and what stands for an object
        (0xFFFE, 0xFFFF), // noncharacters, as the last two of every plane
        (0x13430, 0x1343F), // Egyptian hieroglyph format controls
        (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF), // Default_Ignorable_Code_Point
    ];

    /// <summary>Whether a reader sees anything of it. A mark alone, without anything to stand on, is nothing.</summary>
    public static bool ShowsAnything(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsSpace(rune) && !IsInvisible(rune) && !IsMark(rune)) return true;
        }

        return false;
    }

    /// <summary>Room without ink.</summary>
    public static bool IsSpace(Rune rune) => IsIn(Spaces, rune.Value);

    /// <summary>Neither ink nor room.</summary>
    public static bool IsInvisible(Rune rune) => IsIn(Invisible, rune.Value) || (rune.Value & 0xFFFE) == 0xFFFE;

    private static bool IsMark(Rune rune) =>
        !rune.IsAscii && Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    private static bool IsIn((int First, int Last)[] ranges, int codePoint)
    {
        foreach (var (first, last) in ranges)
        {
            if (codePoint <= last) return codePoint >= first;
        }

        return false;
    }
}
