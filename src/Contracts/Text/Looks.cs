using System.Globalization;
using System.Text;

namespace Interactions.Contracts.Text;

/// <summary>Tells texts that look the same from those that differ. For short texts that people choose among.</summary>
public static class Looks
{
    private const int Joiner = 0x200D;
    private const int BlackFlag = 0x1F3F4;

    public static bool AllDiffer(IReadOnlyCollection<string> texts) => texts.Select(Of).Distinct(StringComparer.Ordinal).Count() == texts.Count;

    /// <summary>
    /// The same for texts that look the same: without what is invisible and without spaces at the ends, each row of spaces as one, letters
    /// with their marks apart from them. What an emoji is put together by stays.
    /// </summary>
    public static string Of(string text)
    {
        var runes = Decompositions.Of(text);
        var look = new StringBuilder(text.Length);
        Rune last = default;
        var isFlag = false;
        var spaces = 0;
        for (var i = 0; i < runes.Count; i++)
        {
            var rune = runes[i];
            if (Blanks.IsSpace(rune))
            {
                spaces++;
                continue;
            }

            var isTag = isFlag && rune.Value is >= 0xE0020 and <= 0xE007F;
            if (Blanks.IsInvisible(rune) && !isTag && !(rune.Value == Joiner && spaces == 0 && Joins(last, runes, i + 1))) continue;
            if (spaces > 0 && look.Length > 0) look.Append(' ');
            spaces = 0;
            look.Append(rune);
            (last, isFlag) = (rune, isTag || rune.Value == BlackFlag);
        }

        return look.ToString();
    }

    // Between two pictures it makes one of them; elsewhere nobody sees it.
    private static bool Joins(Rune before, List<Rune> runes, int next)
    {
        while (next < runes.Count && Blanks.IsInvisible(runes[next])) next++;
        return next < runes.Count && IsPicture(before) && IsPicture(runes[next]);
    }

    private static bool IsPicture(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.MathSymbol;
}
