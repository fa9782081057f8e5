using System.Globalization;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Cluster.Faults;

/// <summary>Silos are killed, stopped, restarted and added.</summary>
public sealed class SiloFaults(FaultCluster cluster) : IClassFixture<FaultCluster>
{
    [Fact]
    public async Task The_streams_of_a_killed_silo_are_served_by_another_and_nobody_is_cut_off()
    {
        await using var run = await cluster.BeginAsync();
        var row = await run.PlayAsync("kill -9 of a silo", () => run.Silos[0].KillAsync());
        run.AssertNobodyWasCutOff();
        Assert.InRange(row.Recovered.TotalSeconds, 0, 6 + Busy.Seconds);
        Assert.Contains("is gone: its port refuses connections", run.Silos[1].Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_streams_of_a_killed_process_that_is_silo_and_frontend_are_served_by_another()
    {
        await using var pair = await Cluster.StartAsync(2, settings: FaultRun.Settings);
        await using var run = await FaultRun.BeginAsync(pair, "match");
        var row = await run.PlayAsync("kill -9 of a process that is both", () => run.Silos[0].KillAsync());
        Assert.InRange(row.Recovered.TotalSeconds, 0, 6 + Busy.Seconds);
        Assert.Contains("is gone: its port refuses connections", run.Silos[1].Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_silos_killed_one_after_the_other()
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync("kill -9 and restart of each silo", async () =>
        {
            foreach (var silo in run.Silos)
            {
                await silo.KillAsync();
                await silo.StartAgainAsync();
            }
        });
        run.AssertNobodyWasCutOff();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(15)]
    public async Task A_silo_that_stood_still_forks_nothing_when_it_goes_on(int seconds)
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync($"SIGSTOP of each silo, {seconds} s", async () =>
        {
            foreach (var silo in run.Silos)
            {
                await silo.StopAsync();
                await Task.Delay(TimeSpan.FromSeconds(seconds)); // the fault itself takes this long
                await silo.ContinueAsync();
            }
        });
        run.AssertNobodyWasCutOff();
    }

    [Fact]
    public async Task A_silo_and_the_Redis_of_the_log_killed_at_once()
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync("kill -9 of a silo and of Redis, appendfsync always", async () =>
        {
            await Task.WhenAll(run.Silos[0].KillAsync(), run.Redis.KillAsync());
            await run.Redis.StartAgainAsync();
            await run.Silos[0].StartAgainAsync();
        });
        run.AssertNobodyWasCutOff();
    }

    [Fact]
    public async Task A_rolling_restart_of_silos_is_noticed_by_nobody()
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync("rolling restart of all silos", async () =>
        {
            foreach (var silo in run.Silos)
            {
                Assert.Equal(0, await silo.TerminateAsync());
                await silo.StartAgainAsync();
            }
        });
        run.AssertNobodyWasCutOff();
        Assert.Equal(0, run.Unanswered);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The longest gap between two frames: {run.LongestGap.TotalSeconds:0.00} s"));
        Assert.InRange(run.LongestGap.TotalSeconds, 0, 1 + Busy.Seconds);
    }

    [Fact]
    public async Task A_silo_that_is_added_under_load_is_noticed_by_nobody()
    {
        await using var run = await cluster.BeginAsync();
        ServiceProcess? added = null;
        await run.PlayAsync("a silo added", async () =>
        {
            added = await run.Cluster.AddSiloAsync();
            await Task.Delay(TimeSpan.FromSeconds(2)); // some load on three
        });
        run.AssertNobodyWasCutOff();
        Assert.Equal(0, run.Unanswered);
        await run.Cluster.RemoveSiloAsync(added!);
    }
}
