using Interactions.LoadTests.Measuring;
using Interactions.LoadTests.Running;
using Xunit;

namespace Interactions.Tests.LoadTests;

public sealed class ServerProcessTests
{
    [Fact]
    public void A_process_that_is_not_there_is_refused()
    {
        var refused = Assert.Throws<UsageException>(() => ServerProcess.Find(int.MaxValue, []));

        Assert.Contains("there is no such process", refused.Message, StringComparison.Ordinal);
        Assert.True(ServerProcess.Find(Environment.ProcessId, [])!.IsAlive);
    }
}
