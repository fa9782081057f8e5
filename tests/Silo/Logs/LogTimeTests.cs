using Interactions.Silo.Logs;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

public sealed class LogTimeTests
{
    private const long Now = 1_763_660_000_000;
    private const long Year = 365L * 86_400_000;

    [Fact]
    public void The_first_entry_has_the_clocks_time() => Assert.Equal(Now, LogTime.Next(Now, 0, 0));

    [Fact]
    public void It_never_goes_back_with_a_clock_that_does()
    {
        Assert.Equal(Now, LogTime.Next(Now - 5000, Now, 0));
        Assert.Equal(Now, LogTime.Next(Now - 5000, Now, Now - 1));
    }

    [Fact]
    public void It_follows_the_clock_after_a_rest() => Assert.Equal(Now, LogTime.Next(Now, Now - Year, 0));

    [Fact]
    public void Within_a_minute_it_is_the_later_of_the_clock_and_what_is_due()
    {
        Assert.Equal(Now + 5000, LogTime.Next(Now, Now - 1000, Now + 5000));
        Assert.Equal(Now, LogTime.Next(Now, Now - 6000, Now - 5000));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public void It_goes_on_by_real_time_where_the_clock_is_off_by_more_than_a_minute(int years)
    {
        Assert.Equal(Now + 5000, LogTime.Next(Now + (years * Year), Now, Now + 5000));
        Assert.Equal(Now + 5001, LogTime.Next(Now + (years * Year), Now + 5000, Now + 4000));
    }

    [Fact]
    public void More_than_a_minute_ahead_of_the_clock_it_goes_on_by_a_millisecond_when_nobody_counts_it() =>
        Assert.Equal(Now + 1, LogTime.Next(Now - 600_000, Now, 0));
}
