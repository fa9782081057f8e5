using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Cluster.Faults;

/// <summary>The way from silos to Redis is cut, slow, or stalled.</summary>
public sealed class LinkFaults(LinkedCluster cluster) : IClassFixture<LinkedCluster>
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_link_that_was_cut_is_made_again(int silos)
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync($"link of {Who(silos)} cut, 3 s", async () =>
        {
            foreach (var link in Links(silos)) link.Cut();
            await run.ReadinessAsync(run.Silos[0], 503);
            Assert.Equal(silos == 2 ? 503 : 200, await run.Silos[1].ReadinessAsync());
            await Task.Delay(TimeSpan.FromSeconds(3));
            foreach (var link in Links(silos)) link.Mend();
            await run.ReadinessAsync(run.Silos[0], 200);
        });
        run.AssertNobodyWasCutOff();
    }

    [Theory]
    [InlineData(20, 1)]
    [InlineData(200, 2)]
    public async Task A_slow_link_delays_and_loses_nothing(int ms, int silos)
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync($"link of {Who(silos)} slow by {ms} ms each way", async () =>
        {
            foreach (var link in Links(silos)) link.Delay = TimeSpan.FromMilliseconds(ms);
            await Task.Delay(TimeSpan.FromSeconds(3));
        });
        run.AssertNobodyWasCutOff();
        Assert.Equal(0, run.Unanswered);
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(9, 1)]
    public async Task A_stalled_link_is_waited_for_and_then_given_up_for_a_new_one(int seconds, int silos)
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync($"link of {Who(silos)} stalled, {seconds} s", async () =>
        {
            foreach (var link in Links(silos)) link.Stall();
            await run.ReadinessAsync(run.Silos[0], 503);
            await Task.Delay(TimeSpan.FromSeconds(seconds - 2));
            foreach (var link in Links(silos)) link.Mend();
            await run.ReadinessAsync(run.Silos[0], 200);
        });
        run.AssertNobodyWasCutOff();
    }

    private IEnumerable<FaultyLink> Links(int silos) => cluster.Links.Take(silos);

    private static string Who(int silos) => silos == 1 ? "one silo" : "all silos";
}
