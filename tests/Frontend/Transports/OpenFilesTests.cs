using Interactions.Frontend.Transports.Listener;
using Interactions.Tests.Frontend.Admission;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Interactions.Tests.Frontend.Transports;

public sealed class OpenFilesTests
{
    [Fact]
    public void Connections_are_closed_before_the_last_files_are_used_up()
    {
        var files = new OpenFiles(2000, new ManualClock(), new Lines());
        Assert.True(files.Allows(1871));
        Assert.False(files.Allows(1872));
        Assert.False(new OpenFiles(80, new ManualClock(), new Lines()).Allows(70));
    }

    [Fact]
    public void That_they_are_is_said_at_once_and_then_once_a_minute_with_the_limit_and_how_to_raise_it()
    {
        var (clock, lines) = (new ManualClock(), new Lines());
        var files = new OpenFiles(2000, clock, lines);
        for (var i = 0; i < 5; i++) files.Allows(1990);
        files.RanOut();
        var first = Assert.Single(lines.Said);
        Assert.Contains("2000 open files", first, StringComparison.Ordinal);
        Assert.Contains("1 new connections", first, StringComparison.Ordinal);
        Assert.Contains("ulimit -n", first, StringComparison.Ordinal);

        clock.Advance(TimeSpan.FromSeconds(59));
        files.Allows(1990);
        Assert.Single(lines.Said);
        clock.Advance(TimeSpan.FromSeconds(1));
        files.Allows(1990);
        Assert.Equal(2, lines.Said.Count);
        Assert.Contains("6 new connections", lines.Said[1], StringComparison.Ordinal);
    }

    private sealed class Lines : ILogger<OpenFiles>
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Add(formatter(state, exception));
    }
}
