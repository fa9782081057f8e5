using Interactions.Contracts.Text;
using Xunit;

namespace Interactions.Tests.Contracts.Text;

public sealed class LooksTests
{
    [Theory]
    [InlineData("Yes", " Yes\u00a0")]
    [InlineData("Yes", "Y\u200bes")]
    [InlineData("Yes", "Yes\u3164")]
    [InlineData("Yes", "\u202dYes\u202c")]
    [InlineData("Yes", "Yes\u0000")]
    [InlineData("Yes", "Yes\u200d")]
    [InlineData("Yes", "Yes\U000e0079")]
    [InlineData("a  b", "a\u2003b")]
    [InlineData("café", "cafe\u0301")]
    [InlineData("Ǜ", "U\u0308\u0300")]
    [InlineData("ệ", "e\u0302\u0323")]
    [InlineData("한", "\u1112\u1161\u11ab")]
    [InlineData("が", "か\u3099")]
    [InlineData("Å", "\u212b")]
    [InlineData("❤", "❤️")]
    [InlineData("👍", "👍\u200d")]
    public void What_looks_the_same_is_the_same(string one, string other) => Assert.False(Looks.AllDiffer([one, "else", other]));

    [Theory]
    [InlineData("Yes", "yes")]
    [InlineData("ab", "a b")]
    [InlineData("café", "cafe")]
    [InlineData("1", "①")]
    [InlineData("👨‍👩‍👧", "👨👩👧")]
    [InlineData("👍", "👍🏽")]
    [InlineData("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿")] // England and Scotland
    [InlineData("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴")]
    [InlineData("한", "하")]
    public void What_looks_different_is_different(string one, string other) => Assert.True(Looks.AllDiffer([one, "else", other]));
}
