using Interactions.Silo.Nodes;
using Xunit;

namespace Interactions.Tests.Silo.Nodes;

public sealed class LogClockTests
{
    private readonly Clock _time = new();

    [Fact]
    public void Before_the_first_entry_it_is_the_nodes_own_time() =>
        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds(), new LogClock(_time).NowMs);

    [Fact]
    public void It_goes_on_from_what_entries_say_and_a_late_one_does_not_hold_it_back()
    {
        var clock = new LogClock(_time);
        clock.Hear(1_000_000);
        _time.Ms += 5000;
        Assert.Equal(1_005_000, clock.NowMs);
        clock.Hear(1_004_000);
        Assert.Equal(1_005_000, clock.NowMs);
        clock.Hear(1_006_000);
        Assert.Equal(1_006_000, clock.NowMs);
    }

    private sealed class Clock : TimeProvider
    {
        public long Ms { get; set; } = 77;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Ms;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(123_456);
    }
}
