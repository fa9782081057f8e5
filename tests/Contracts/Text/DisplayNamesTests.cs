using Interactions.Contracts.Text;
using Xunit;

namespace Interactions.Tests.Contracts.Text;

public sealed class DisplayNamesTests
{
    [Theory]
    [InlineData("Ada", "Ada")]
    [InlineData("  Ada Lovelace\n", "Ada Lovelace")]
    [InlineData("Ada\r\nLovelace\tII", "Ada  Lovelace II")]
    [InlineData("Ada\u2028Lovelace", "Ada Lovelace")]
    [InlineData("\u202egnp.ada", "gnp.ada")] // right-to-left override
    [InlineData("a\u202ab\u202bc\u202cd\u202de\u2066f\u2067g\u2068h\u2069i\u200ej\u200fk\u061cl", "abcdefghijkl")]
    [InlineData("A\u0000d\u001b[31ma\u007f\u009b", "Ad[31ma")]
    [InlineData("A\u200bd\u2060a\ufeff\u00ad\u206a\U000e0001", "Ada")]
    [InlineData("می‌خواهم", "می‌خواهم")] // ZWNJ shapes Persian
    [InlineData("👩‍💻 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩‍💻 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿")]
    [InlineData("x\U000e0041y", "xy")] // what shapes nothing would make two names look the same
    [InlineData("a\ufe0fb\u200dc\u200cd\ufe00", "abcd")]
    [InlineData("1\ufe0f\u20e3", "1\ufe0f\u20e3")] // a keycap
    [InlineData("שלום", "שלום")]
    [InlineData("e\u0301", "e\u0301")]
    public void A_name_keeps_what_shows_and_what_shapes_it(string name, string shown) => Assert.Equal(shown, DisplayNames.Clean(name));

    [Theory]
    [InlineData("")]
    [InlineData(" \t")]
    [InlineData("\u202e\u202c")]
    [InlineData("\u3164\u2800\u115f")]
    [InlineData("\u200d\ufe0f")]
    [InlineData("\u0301")]
    public void A_name_that_shows_nothing_is_none(string name) => Assert.Null(DisplayNames.Clean(name));
}
