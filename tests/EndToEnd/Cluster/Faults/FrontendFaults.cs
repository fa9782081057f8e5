using System.Diagnostics;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.EndToEnd.Observability;
using Xunit;

namespace Interactions.Tests.EndToEnd.Cluster.Faults;

/// <summary>Nodes are killed, stopped and restarted.</summary>
public sealed class FrontendFaults(FaultCluster cluster) : IClassFixture<FaultCluster>
{
    [Fact]
    public async Task A_killed_nodes_viewers_are_back_on_another_within_three_seconds_and_miss_nothing()
    {
        await using var run = await cluster.BeginAsync();
        var connections = run.Roaming.Connections;

        var row = await run.PlayAsync("kill -9 of a frontend", () => run.Nodes[0].KillAsync());

        Assert.True(run.Roaming.Connections > connections, "The viewer was never cut off.");
        Assert.Equal(1, run.Roaming.Ledger.Snapshots);
        Assert.InRange(row.Recovered.TotalSeconds, 0, 3 + Busy.Seconds);
    }

    [Fact]
    public async Task A_killed_node_that_is_started_again_joins_in()
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync("kill -9 and restart of a frontend", async () =>
        {
            await run.Nodes[0].KillAsync();
            await run.Nodes[0].StartAgainAsync();
        });
    }

    [Fact]
    public async Task A_node_that_was_stopped_for_five_seconds_catches_up()
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync("SIGSTOP of a frontend, 5 s", () => PauseAsync(run.Nodes[0], TimeSpan.FromSeconds(5)));
        run.AssertNobodyWasCutOff();
    }

    [Fact]
    public async Task A_node_that_was_stopped_for_longer_than_its_lease_catches_up_or_begins_anew()
    {
        var seconds = Environment.GetEnvironmentVariable("INTERACTIONS_FAULT_SECONDS") is null ? 13 : 60;
        await using var run = await cluster.BeginAsync();
        var droppedBefore = await DroppedAsync(run);
        await run.PlayAsync($"SIGSTOP of a frontend, {seconds} s", () => PauseAsync(run.Nodes[0], TimeSpan.FromSeconds(seconds)));
        Assert.True(await DroppedAsync(run) > droppedBefore, "It was pushed to while it was stopped.");
    }

    [Fact]
    public async Task A_rolling_restart_of_all_nodes_under_load_loses_and_repeats_nothing()
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync("rolling restart of all frontends", async () =>
        {
            foreach (var node in run.Nodes)
            {
                Assert.Equal(0, await node.TerminateAsync());
                await node.StartAgainAsync();
            }
        });
    }

    // Nothing is kept in a silo for a frontend that it does not push to.
    private static async Task<double> DroppedAsync(FaultRun run) =>
        (await Task.WhenAll(run.Silos.Select(Scrape.OfAsync))).Sum(scrape => scrape.Value("interactions_subscribers_dropped_total"));

    private static async Task PauseAsync(ServiceProcess node, TimeSpan time)
    {
        await node.StopAsync();
        await Task.Delay(time);
        await node.ContinueAsync();
    }
}
