using System.Diagnostics;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Cluster.Faults;

/// <summary>Redis is killed, stopped, robbed of its last moments, cut off from its clients.</summary>
public sealed class RedisFaults(FaultCluster cluster, LazyRedisCluster lazy) : IClassFixture<FaultCluster>, IClassFixture<LazyRedisCluster>
{
    private const double MostWaitSeconds = 5 + Busy.Seconds;

    [Fact]
    public async Task A_killed_Redis_that_syncs_every_write_loses_nothing_and_viewers_stay_connected()
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync("kill -9 of Redis, appendfsync always", () => KillAndRestartAsync(run));
        run.AssertNobodyWasCutOff();
        Assert.InRange(run.LongestWait.TotalSeconds, 0, MostWaitSeconds);
    }

    [Fact]
    public async Task A_killed_Redis_that_syncs_every_second_loses_nothing_that_a_silo_still_holds()
    {
        await using var run = await lazy.BeginAsync();
        await run.PlayAsync("kill -9 of Redis, appendfsync everysec", () => KillAndRestartAsync(run));
        run.AssertNobodyWasCutOff();
    }

    [Fact]
    public async Task A_Redis_that_comes_back_from_an_older_copy_is_given_back_what_silos_hold()
    {
        await using var run = await lazy.BeginAsync();
        await run.PlayAsync("Redis back from a copy 2 s older", async () =>
        {
            var backup = run.Redis.Backup();
            await Task.Delay(TimeSpan.FromSeconds(2));
            await run.Redis.KillAsync();
            run.Redis.RestoreFrom(backup);
            await run.Redis.StartAgainAsync();
        });
        run.AssertNobodyWasCutOff();
        string[] outputs = [.. Enumerable.Range(0, run.Silos.Length).Select(run.OutputOf)];
        Assert.Contains(outputs, output => output.Contains("was put back", StringComparison.Ordinal));
        Assert.All(outputs, output => Assert.DoesNotContain("nobody holds", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Redis_that_hangs_is_waited_for_as_long_as_answers_may_take()
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync("SIGSTOP of Redis, 8 s", async () =>
        {
            (await run.Owner(0).CallAsync(HttpMethod.Put, "streams/quiet", "{}")).Expect(201);
            await FaultRun.UntilAsync(async () => (await run.Owner(1).GetAsync("streams")).Text.Contains("quiet", StringComparison.Ordinal), "the stream in the other node's directory");
            run.Redis.Stop();
            var stopped = Stopwatch.GetTimestamp();
            foreach (var node in run.Nodes) await run.ReadinessAsync(node, 503);

            // A stream that was not read in the last second, and one that is to be created, are waited for no longer than others.
            var since = Stopwatch.GetTimestamp();
            var answers = await Task.WhenAll(run.Owner(1).GetAsync("streams/quiet"), run.Owner(1).CallAsync(HttpMethod.Put, "streams/new", "{}"));
            Assert.All(answers, answer => Assert.Equal("unavailable", answer.Problem(503)));
            Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, MostWaitSeconds);
            var left = TimeSpan.FromSeconds(8) - Stopwatch.GetElapsedTime(stopped);
            if (left > TimeSpan.Zero) await Task.Delay(left);
            run.Redis.Continue();
            foreach (var node in run.Nodes) await run.ReadinessAsync(node, 200);
            (await run.Owner(1).GetAsync("streams/quiet")).Expect(200);
            Assert.InRange((await run.Owner(1).CallAsync(HttpMethod.Put, "streams/new", "{}")).Status, 200, 201);
        });
        run.AssertNobodyWasCutOff();
        Assert.InRange(run.LongestWait.TotalSeconds, 1, MostWaitSeconds);
    }

    [Fact]
    public async Task Connections_that_are_killed_again_and_again_cost_nothing_but_time()
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync("CLIENT KILL TYPE normal, in a loop", () => KillClientsAsync(run, "normal", TimeSpan.FromMilliseconds(400), 8));
        run.AssertNobodyWasCutOff();
    }

    [Fact]
    public async Task A_full_Redis_takes_nothing_and_goes_on_when_there_is_room()
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync("Redis full (maxmemory, noeviction), 2 s", async () =>
        {
            await run.Redis.CliAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
            await run.Redis.CliAsync("CONFIG", "SET", "maxmemory", "1");
            var before = run.Unanswered;
            await FaultRun.UntilAsync(() => Task.FromResult(run.Unanswered > before), "someone told that it was not taken");
            await Task.Delay(TimeSpan.FromSeconds(2));
            await run.Redis.CliAsync("CONFIG", "SET", "maxmemory", "0");
        });
        run.AssertNobodyWasCutOff();
    }

    [Fact]
    public async Task A_Redis_that_comes_back_empty_is_made_whole_by_what_silos_hold()
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync("Redis back empty", async () =>
        {
            await run.Redis.KillAsync();
            Directory.Delete(Path.Combine(run.Redis.Folder, "appendonlydir"), recursive: true);
            await run.Redis.StartAgainAsync();
        });
        run.AssertNobodyWasCutOff();
    }

    [Fact]
    public async Task A_membership_that_comes_back_empty_makes_no_second_cluster()
    {
        await using var run = await cluster.BeginAsync();
        await run.PlayAsync("Redis of the membership back empty", async () =>
        {
            await run.Cluster.Membership.KillAsync();
            Directory.Delete(Path.Combine(run.Cluster.Membership.Folder, "appendonlydir"), recursive: true);
            await run.Cluster.Membership.StartAgainAsync();
            await Task.Delay(TimeSpan.FromSeconds(5)); // long enough for a silo to look
        });
        run.AssertNobodyWasCutOff();
    }

    private static async Task KillAndRestartAsync(FaultRun run)
    {
        await run.Redis.KillAsync();
        foreach (var node in run.Nodes) await run.ReadinessAsync(node, 503);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await run.Redis.StartAgainAsync();
    }

    private static async Task KillClientsAsync(FaultRun run, string type, TimeSpan every, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await run.Redis.CliAsync("CLIENT", "KILL", "TYPE", type);
            await Task.Delay(every);
        }
    }
}
