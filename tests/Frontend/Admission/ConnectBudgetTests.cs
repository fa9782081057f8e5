using Interactions.Frontend.Admission;
using Interactions.Frontend.Settings;
using Xunit;

namespace Interactions.Tests.Frontend.Admission;

public sealed class ConnectBudgetTests
{
    [Fact]
    public void A_seconds_worth_may_come_at_once_and_then_as_many_as_flow_in()
    {
        var clock = new ManualClock();
        using var budget = new ConnectBudget(new LimitOptions(ConnectsPerSecond: 10), clock);
        for (var i = 0; i < 10; i++) Assert.True(budget.TryTake());
        Assert.False(budget.TryTake());
        clock.Advance(TimeSpan.FromMilliseconds(300));
        for (var i = 0; i < 3; i++) Assert.True(budget.TryTake());
        Assert.False(budget.TryTake());
    }

    [Fact]
    public void Those_refused_together_are_told_to_come_back_apart()
    {
        TimeSpan[] waits = [.. Enumerable.Range(0, 200).Select(_ => ConnectBudget.RetryAfter())];
        Assert.All(waits, wait => Assert.InRange(wait.TotalSeconds, 1, 6));
        Assert.True(waits.Select(wait => Math.Ceiling(wait.TotalSeconds)).Distinct().Count() > 3);
    }
}
