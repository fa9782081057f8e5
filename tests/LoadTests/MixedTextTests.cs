using System.Text;
using Interactions.LoadTests.Traces;
using Xunit;

namespace Interactions.Tests.LoadTests;

public sealed class MixedTextTests
{
    [Fact]
    public void A_text_has_exactly_the_bytes_asked_for_is_valid_and_has_no_space_at_its_ends()
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var random = new Random(5);
        for (var bytes = 1; bytes <= 1400; bytes++)
        {
            var text = MixedText.OfLength(bytes, random);
            Assert.Equal(bytes, strict.GetByteCount(text));
            Assert.Equal(text, strict.GetString(strict.GetBytes(text)));
            Assert.Equal(text.Trim(), text);
        }
    }

    [Fact]
    public void All_scripts_occur_among_a_few_hundred_texts()
    {
        var random = new Random(5);
        var all = string.Concat(Enumerable.Range(0, 300).Select(_ => MixedText.OfLength(40, random)));

        Assert.Contains("é", all, StringComparison.Ordinal);
        Assert.Contains("👩‍👩‍👧", all, StringComparison.Ordinal);
        Assert.Contains("م", all, StringComparison.Ordinal);
        Assert.Contains("ש", all, StringComparison.Ordinal);
        Assert.Contains("球", all, StringComparison.Ordinal);
        Assert.Contains("국", all, StringComparison.Ordinal);
        Assert.Contains("𠮷", all, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_makes_the_same_text() =>
        Assert.Equal(MixedText.OfLength(200, new Random(9)), MixedText.OfLength(200, new Random(9)));
}
