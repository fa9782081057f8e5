using Interactions.Contracts.Log;
using Interactions.Silo.Nodes;
using Xunit;

namespace Interactions.Tests.Silo.Nodes;

public sealed class TurnsTests
{
    [Fact]
    public async Task A_turn_that_is_not_ended_refuses_the_next_and_is_free_afterwards()
    {
        var turns = new Turns(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        using (await turns.EnterAsync("a"))
        {
            await Assert.ThrowsAsync<LogUnavailableException>(() => turns.EnterAsync("a"));
            (await turns.EnterAsync("b")).Dispose();
        }

        (await turns.EnterAsync("a")).Dispose();
    }
}
