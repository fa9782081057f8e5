using Interactions.Contracts.Text;
using Xunit;

namespace Interactions.Tests.Contracts.Text;

public sealed class BlanksTests
{
    /// <summary>First and last of what shows nothing, by property: White_Space, Cc, Default_Ignorable_Code_Point, noncharacters, and blank glyphs.</summary>
    public static TheoryData<int, int> Ranges() => new()
    {
        { 0x00, 0x20 }, { 0x7F, 0xA0 }, { 0xAD, 0xAD }, { 0x34F, 0x34F }, { 0x61C, 0x61C }, { 0x115F, 0x1160 }, { 0x1680, 0x1680 }, { 0x17B4, 0x17B5 },
        { 0x180B, 0x180F }, { 0x2000, 0x200F }, { 0x2028, 0x202F }, { 0x205F, 0x206F }, { 0x2800, 0x2800 }, { 0x3000, 0x3000 }, { 0x3164, 0x3164 },
        { 0xFDD0, 0xFDEF }, { 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF }, { 0xFFA0, 0xFFA0 }, { 0xFFF0, 0xFFFC }, { 0xFFFE, 0xFFFF }, { 0x13430, 0x1343F },
        { 0x1BCA0, 0x1BCA3 }, { 0x1D159, 0x1D159 }, { 0x1D173, 0x1D17A }, { 0x1FFFE, 0x1FFFF }, { 0xE0000, 0xE0FFF }, { 0x10FFFE, 0x10FFFF },
        { 0x300, 0x36F }, { 0x20D0, 0x20F0 }, // marks without a letter
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void What_shows_nothing_is_no_text_alone_or_together(int first, int last)
    {
        for (var at = first; at <= last; at++) Assert.False(Blanks.ShowsAnything(char.ConvertFromUtf32(at)), $"U+{at:X}");
        Assert.False(Blanks.ShowsAnything(" " + char.ConvertFromUtf32(first) + char.ConvertFromUtf32(last) + "\u200b"));
        Assert.True(Blanks.ShowsAnything(char.ConvertFromUtf32(first) + "a" + char.ConvertFromUtf32(last)));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("é")]
    [InlineData("e\u0301")]
    [InlineData("\u200bx")]
    [InlineData("👍🏽")]
    [InlineData("1\ufe0f\u20e3")]
    [InlineData("می‌خواهم")]
    [InlineData("ก")]
    [InlineData("\u2801")] // Braille with a dot
    [InlineData("\ufffd")]
    [InlineData("\U0001faff")] // not assigned when this was written
    [InlineData("\ue000")] // private use
    [InlineData(".")]
    public void Anything_that_shows_is_text(string text) => Assert.True(Blanks.ShowsAnything(text));

    [Fact]
    public void Nothing_is_no_text() => Assert.False(Blanks.ShowsAnything(""));
}
