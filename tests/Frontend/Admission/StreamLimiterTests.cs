using Interactions.Frontend.Admission;
using Interactions.Frontend.Settings;
using Xunit;

namespace Interactions.Tests.Frontend.Admission;

public sealed class StreamLimiterTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_user_has_so_many_in_any_minute_and_is_told_when_the_next_is_taken()
    {
        using var limiter = new StreamLimiter(new LimitOptions(StreamsPerMinutePerUser: 3), _clock);
        Assert.True(limiter.TryTake("u1", out _));
        _clock.Advance(TimeSpan.FromSeconds(50));
        Assert.True(limiter.TryTake("u1", out _));
        Assert.True(limiter.TryTake("u1", out _));
        Assert.False(limiter.TryTake("u1", out var wait));
        Assert.Equal(10, wait.TotalSeconds, 3);
        Assert.True(limiter.TryTake("u2", out _));

        _clock.Advance(wait);
        Assert.True(limiter.TryTake("u1", out _));
        Assert.False(limiter.TryTake("u1", out wait));
        Assert.Equal(50, wait.TotalSeconds, 3);
    }

    [Fact]
    public void Only_who_has_had_a_quiet_minute_may_be_forgotten()
    {
        var window = new MinuteWindow(1, _clock);
        Assert.Equal(TimeSpan.Zero, window.IdleDuration);
        using (window.AttemptAcquire()) Assert.Null(window.IdleDuration);
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(window.IdleDuration);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, window.IdleDuration);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(5, window.IdleDuration!.Value.TotalSeconds, 3);
    }
}
