using Interactions.Frontend.Admission;
using Interactions.Frontend.Settings;
using Xunit;

namespace Interactions.Tests.Frontend.Admission;

public sealed class SendLimiterTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_quiet_user_has_a_burst_and_then_the_rate()
    {
        using var limiter = new SendLimiter(new LimitOptions(), _clock);
        for (var i = 0; i < 100; i++) Assert.True(limiter.TryTake("u1", 1, out _));
        Assert.False(limiter.TryTake("u1", 1, out var wait));
        Assert.Equal(20, wait.TotalMilliseconds, 3);
        _clock.Advance(wait);
        Assert.True(limiter.TryTake("u1", 1, out _));
        Assert.False(limiter.TryTake("u1", 1, out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limiter.TryTake("u1", 50, out _));
        Assert.False(limiter.TryTake("u1", 1, out _));
    }

    [Fact]
    public void Users_do_not_share()
    {
        using var limiter = new SendLimiter(new LimitOptions(), _clock);
        Assert.True(limiter.TryTake("u1", 100, out _));
        Assert.True(limiter.TryTake("u2", 100, out _));
    }

    [Fact]
    public void A_refused_request_takes_nothing()
    {
        using var limiter = new SendLimiter(new LimitOptions(), _clock);
        Assert.True(limiter.TryTake("u1", 60, out _));
        Assert.False(limiter.TryTake("u1", 41, out var wait));
        Assert.Equal(20, wait.TotalMilliseconds, 3);
        Assert.True(limiter.TryTake("u1", 40, out _));
    }

    [Fact]
    public void A_request_larger_than_the_burst_is_paid_for_afterwards()
    {
        using var limiter = new SendLimiter(new LimitOptions(InteractionsPerSecondPerUser: 10), _clock);
        Assert.True(limiter.TryTake("u1", 100, out _));
        Assert.False(limiter.TryTake("u1", 1, out var wait));
        Assert.Equal(8.1, wait.TotalSeconds, 3);
        _clock.Advance(wait);
        Assert.True(limiter.TryTake("u1", 1, out _));
        Assert.False(limiter.TryTake("u1", 100, out wait));
        Assert.Equal(2, wait.TotalSeconds, 3);
    }

    [Fact]
    public void Only_a_full_bucket_may_be_forgotten()
    {
        var bucket = new TokenBucket(50, 100, _clock);
        using (bucket.AttemptAcquire(100)) Assert.Null(bucket.IdleDuration);
        _clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Null(bucket.IdleDuration);
        _clock.Advance(TimeSpan.FromSeconds(10.1));
        Assert.Equal(10, bucket.IdleDuration!.Value.TotalSeconds, 3);
    }
}
