using Interactions.Silo.Logs;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

public sealed class LogClockTests
{
    private const long Year = 365L * 86_400_000;
    private const long Start = 1_763_660_000_000;

    private readonly Steady _time = new();
    private readonly LogClock _clock;

    public LogClockTests() => _clock = new(_time);

    [Fact]
    public void Before_the_first_entry_it_is_the_clock_and_nothing_is_due()
    {
        Assert.Equal(Start, _clock.NowMs(Start));
        Assert.Equal(0, _clock.DueMs(Start));
    }

    [Fact]
    public void It_follows_a_clock_that_is_off_by_less_than_a_minute_forward_and_never_goes_back()
    {
        _clock.Hear(Start, Start);
        Assert.Equal(Start + 50_000, _clock.NowMs(Start + 50_000));
        _clock.Hear(Start + 50_000, Start + 50_000);
        Assert.Equal(Start + 50_000, _clock.NowMs(Start));
    }

    [Fact]
    public void Ahead_of_the_clock_by_less_than_a_minute_it_runs_slower_until_both_agree()
    {
        _clock.Hear(Start + 30_000, Start);
        _time.Ms += 100_000;
        Assert.Equal(Start + 120_000, _clock.NowMs(Start + 100_000));
        _time.Ms += 300_000;
        Assert.Equal(Start + 400_000, _clock.NowMs(Start + 400_000));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public void It_goes_on_by_real_time_when_the_clock_jumps(int years)
    {
        _clock.Hear(Start, Start);
        _time.Ms += 5000;
        Assert.Equal(Start + 5000, _clock.NowMs(Start + 5000 + (years * Year)));
        Assert.Equal(Start + 5000, _clock.DueMs(Start + 5000 + (years * Year)));
    }

    [Fact]
    public void A_log_that_was_read_and_is_ahead_of_the_clock_goes_on_from_there()
    {
        _clock.Start(Start + Year, Start);
        _time.Ms += 5000;
        Assert.Equal(Start + Year + 5000, _clock.NowMs(Start + 5000));
    }

    [Fact]
    public void A_log_that_rested_follows_the_clock()
    {
        _clock.Start(Start - Year, Start);
        Assert.Equal(Start, _clock.NowMs(Start));
        Assert.Equal(0, _clock.DueMs(Start));
    }

    [Fact]
    public void An_entry_that_was_long_under_way_does_not_hold_it_back()
    {
        _clock.Hear(Start + Year, Start);
        _time.Ms += 5000;
        _clock.Hear(Start + Year + 4000, Start + 5000);
        Assert.Equal(Start + Year + 5000, _clock.NowMs(Start + 5000));
    }

    [Fact]
    public void Times_are_shown_by_the_clock_where_log_time_is_ahead_of_it()
    {
        _clock.Start(Start + Year, Start);
        _time.Ms += 5000;
        var shown = _clock.Shown(Start + 5000);
        Assert.Equal(Start, shown.Show(Start + Year));
        Assert.Equal(Start + 6000, shown.Show(Start + Year + 6000));
        Assert.Equal(Start - 1, shown.Show(Start - 1));
    }

    [Fact]
    public void Times_are_shown_by_the_clock_from_when_it_was_set_forward()
    {
        _clock.Hear(Start, Start);
        _time.Ms += 1000;
        Assert.Equal(default, _clock.Shown(Start + 1000));
        _time.Ms += 1000;
        var shown = _clock.Shown(Start + 2000 + Year);
        Assert.Equal(Start + 2000 + Year, shown.Show(Start + 2000));
        Assert.Equal(Start + 1000, shown.Show(Start + 1000));
    }

    private sealed class Steady : TimeProvider
    {
        public long Ms { get; set; } = 77;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Ms;
    }
}
