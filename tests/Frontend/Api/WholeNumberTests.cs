using System.Globalization;
using System.Text;
using Interactions.Frontend.Api;
using Xunit;

namespace Interactions.Tests.Frontend.Api;

public sealed class WholeNumberTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("-0.0", 0)]
    [InlineData("0e999999999999999999999", 0)]
    [InlineData("0.000e-5", 0)]
    [InlineData("3", 3)]
    [InlineData("3.0", 3)]
    [InlineData("3.000", 3)]
    [InlineData("3e0", 3)]
    [InlineData("3E+0", 3)]
    [InlineData("30e-1", 3)]
    [InlineData("0.3e1", 3)]
    [InlineData("0.0030e3", 3)]
    [InlineData("1.5e1", 15)]
    [InlineData("1.50e1", 15)]
    [InlineData("100.5e1", 1005)]
    [InlineData("-12e2", -1200)]
    [InlineData("007", 7)]
    [InlineData("9223372036854775807.0", long.MaxValue)]
    public void Whole_numbers_are_read_however_they_are_written(string text, long value)
    {
        Assert.True(WholeNumber.TryParse(Encoding.UTF8.GetBytes(text), out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("3.5")]
    [InlineData("1e-1")]
    [InlineData("15e-1")]
    [InlineData("0.5e-99999999999999999999")]
    [InlineData("3.")]
    [InlineData(".5e1")]
    [InlineData("3e")]
    [InlineData("3e+")]
    [InlineData("3e1.0")]
    [InlineData("+3")]
    [InlineData("--3")]
    [InlineData(" 3")]
    [InlineData("3 ")]
    [InlineData("0x3")]
    [InlineData("1_000")]
    [InlineData("NaN")]
    [InlineData("٣")]
    public void Anything_else_is_not(string text) => Assert.False(WholeNumber.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("1e30")]
    [InlineData("1e999999999999999999999999")]
    [InlineData("1000000000000000000000000000000000000000000000000000000.0")]
    public void What_is_too_large_is_more_than_any_bound(string text)
    {
        Assert.True(WholeNumber.TryParse(Encoding.UTF8.GetBytes(text), out var read));
        Assert.Equal(WholeNumber.Most, read);
        Assert.True(WholeNumber.TryParse(Encoding.UTF8.GetBytes("-" + text), out read));
        Assert.Equal(-WholeNumber.Most, read);
    }

    [Fact]
    public void A_long_number_costs_what_its_digits_cost()
    {
        var text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"1{new string('0', 60_000)}e-60000"));
        Assert.True(WholeNumber.TryParse(text, out var read));
        Assert.Equal(1, read);
    }
}
