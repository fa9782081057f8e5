using Interactions.Frontend;
using Xunit;

namespace Interactions.Tests.Frontend;

public sealed class CommandLineTests
{
    [Fact]
    public void Settings_come_in_three_forms()
    {
        var line = new CommandLine(["--Log:Path", "/tmp/x", "--Limits:BodyBytes=2048", "Urls=http://127.0.0.1:1", "--Auth:Key=--dashes"]);
        Assert.Empty(line.Problems);
        Assert.Equal(["Log:Path", "Limits:BodyBytes", "Urls", "Auth:Key"], line.Settings);
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("-v")]
    [InlineData("--")]
    [InlineData("---")]
    [InlineData("/help")]
    [InlineData("--=x")]
    [InlineData("")]
    public void What_is_no_setting_is_told(string argument) =>
        Assert.StartsWith($"{argument} is no setting", Assert.Single(new CommandLine(["--Log:Path", "x", argument]).Problems), StringComparison.Ordinal);

    [Theory]
    [InlineData("--Limits:BodyBytes")]
    [InlineData("--Limits:BodyBytes", "")]
    [InlineData("--Limits:BodyBytes=")]
    [InlineData("--Limits:BodyBytes", "--Log:Kind", "Memory")]
    public void A_setting_without_a_value_is_told(params string[] arguments) =>
        Assert.Equal("Limits:BodyBytes has no value.", Assert.Single(new CommandLine(arguments).Problems));
}
