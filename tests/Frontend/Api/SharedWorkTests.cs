using Interactions.Frontend.Api;
using Xunit;

namespace Interactions.Tests.Frontend.Api;

public sealed class SharedWorkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Those_who_ask_while_it_is_done_are_answered_together_by_the_next()
    {
        var done = 0;
        using var may = new SemaphoreSlim(0);
        using var begun = new SemaphoreSlim(0);
        var work = new SharedWork<int>(
            async () =>
            {
                begun.Release();
                await may.WaitAsync();
                return ++done;
            },
            TimeSpan.Zero,
            TimeProvider.System);
        var first = work.DoAsync(CancellationToken.None);
        Assert.True(await begun.WaitAsync(Patience));
        var others = Enumerable.Range(0, 1000).Select(_ => work.DoAsync(CancellationToken.None)).ToArray();
        may.Release(2);
        Assert.Equal(1, await first.WaitAsync(Patience));
        Assert.All(await Task.WhenAll(others).WaitAsync(Patience), answer => Assert.Equal(2, answer));
    }

    [Fact]
    public async Task A_failure_is_told_to_those_who_asked_for_it_and_to_nobody_else()
    {
        var times = 0;
        var work = new SharedWork<int>(() => ++times == 1 ? throw new InvalidOperationException("No.") : Task.FromResult(times), TimeSpan.Zero, TimeProvider.System);
        await Assert.ThrowsAsync<InvalidOperationException>(() => work.DoAsync(CancellationToken.None).WaitAsync(Patience));
        Assert.Equal(2, await work.DoAsync(CancellationToken.None).WaitAsync(Patience));
    }
}
