using Interactions.LoadTests.Running;
using Interactions.LoadTests.Scenarios.Swarm;
using Xunit;

namespace Interactions.Tests.LoadTests.Swarm;

public sealed class SlowViewersTests
{
    [Fact]
    public void Slow_viewers_that_leave_no_healthy_one_are_refused()
    {
        Assert.Equal((99, 0), SlowViewersScenario.Slow(100, 99, 0));
        Assert.Throws<UsageException>(() => SlowViewersScenario.Slow(100, 50, 50));
        Assert.Throws<UsageException>(() => SlowViewersScenario.Slow(100, 100, 0));
    }
}
