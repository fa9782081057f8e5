using Interactions.Silo.Logs;
using Interactions.Silo.Logs.Redis;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

public sealed class StoreClockTests
{
    private const long Start = 1_763_660_000_000;
    private readonly Steady _time = new();

    [Fact]
    public void An_answer_that_is_read_long_after_it_was_asked_is_no_jump()
    {
        var clock = new StoreClock(_time);
        Assert.Null(clock.Hear(Start, _time.Ms));
        var asked = _time.Ms;
        _time.Ms += LogTime.MaxSkewMs * 10;
        Assert.Null(clock.Hear(Start + 1, asked));
        Assert.Equal(Start + (LogTime.MaxSkewMs * 10), clock.NowMs);
        Assert.Null(clock.Hear(Start + (LogTime.MaxSkewMs * 10), _time.Ms));
    }

    [Fact]
    public void A_clock_that_is_set_is_a_jump()
    {
        var clock = new StoreClock(_time);
        clock.Hear(Start, _time.Ms);
        Assert.Equal(-(LogTime.MaxSkewMs + 1), clock.Hear(Start - LogTime.MaxSkewMs - 1, _time.Ms)!.Value.TotalMilliseconds);
        Assert.Equal(LogTime.MaxSkewMs + 1, clock.Hear(Start, _time.Ms)!.Value.TotalMilliseconds);
    }

    private sealed class Steady : TimeProvider
    {
        public long Ms { get; set; } = 77;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Ms;
    }
}
