using Interactions.Frontend.Telemetry;
using Interactions.Tests.Frontend.Admission;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Interactions.Tests.Frontend.Telemetry;

public sealed class LineLimiterTests
{
    private const int Burst = 20;

    [Fact]
    public void What_was_left_out_is_said_once_and_nothing_when_none_was()
    {
        var clock = new ManualClock();
        using var limiter = new LineLimiter(clock);
        var lines = new Lines();
        for (var i = 0; i < Burst; i++) Assert.True(limiter.TryTake(lines));
        Assert.False(limiter.TryTake(lines));
        Assert.False(limiter.TryTake(lines));
        Assert.Empty(lines.Written);

        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(limiter.TryTake(lines));
        Assert.True(limiter.TryTake(lines));
        Assert.Equal("2 lines like the next were left out", Assert.Single(lines.Written));
    }

    private sealed class Lines : ILogger
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add(formatter(state, exception));
    }
}
