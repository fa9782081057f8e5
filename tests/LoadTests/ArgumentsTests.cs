using Interactions.LoadTests.Running;
using Xunit;

namespace Interactions.Tests.LoadTests;

public sealed class ArgumentsTests
{
    [Fact]
    public void A_command_line_with_an_unknown_doubled_or_valueless_option_is_refused()
    {
        Option[] options = [new("speed", "1", ""), new("csv", null, "")];

        Assert.Equal(200, Arguments.Parse(["--speed", "200"], options).Positive("speed"));
        Assert.Equal("x", Arguments.Parse(["--csv=x"], options).Text("csv"));
        foreach (var wrong in new string[][] { ["--sped", "2"], ["--speed"], ["--speed", "1", "--speed", "2"], ["speed", "1"] })
        {
            Assert.Throws<UsageException>(() => Arguments.Parse(wrong, options));
        }

        Assert.Throws<UsageException>(() => Arguments.Parse([], options).Text("csv"));
        Assert.Throws<UsageException>(() => Arguments.Parse(["--speed", "-1"], options).Positive("speed"));
    }

    [Fact]
    public void A_percentage_above_100_is_refused()
    {
        Option[] options = [new("part", "10", "")];

        Assert.Equal(100, Arguments.Parse(["--part", "100"], options).Percent("part"));
        Assert.Throws<UsageException>(() => Arguments.Parse(["--part", "150"], options).Percent("part"));
    }
}
