using System.Diagnostics;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Cluster.Faults;

/// <summary>One node is not like the others.</summary>
public sealed class OddNodes
{
    private const string Password = "the right one";

    [Fact]
    public async Task A_node_with_a_wrong_password_says_so_is_never_ready_and_disturbs_nobody()
    {
        await using var cluster = await Cluster.StartApartAsync(2, 3, ["--requirepass", Password], [.. FaultRun.Settings, "--Log:RedisPassword", Password]);
        await using var run = await FaultRun.BeginAsync(cluster, "match");
        ServiceProcess? odd = null;
        try
        {
            await run.PlayAsync("a silo with a wrong password", async () =>
            {
                odd = await ServiceProcess.StartAsync(cluster.Arguments(run.Redis.Address, "Silo", "--Log:RedisPassword", "a wrong one"), new Dictionary<string, string>(), untilReady: false);
                await run.ReadinessAsync(odd, 503);
                await FaultRun.UntilAsync(() => Task.FromResult(odd.Output.Contains("password", StringComparison.OrdinalIgnoreCase)), $"a word about the password");
                Assert.Equal(503, await odd.ReadinessAsync());
            });
            Assert.Equal(503, await odd!.ReadinessAsync());
            Assert.DoesNotContain("a wrong one", odd.Output, StringComparison.Ordinal);
        }
        finally
        {
            if (odd is not null) await odd.DisposeAsync();
        }

        run.AssertNobodyWasCutOff();
        Assert.Equal(0, run.Unanswered);
    }

    [Theory]
    [InlineData("+10m", 10)]
    [InlineData("-10m", 10)]
    public async Task A_node_whose_clock_is_off_judges_bans_and_slow_mode_as_the_others(string off, double minutes)
    {
        using var clock = new FakeClock(off);
        await using var cluster = await Cluster.StartAsync(1);
        var right = cluster.Nodes[0];
        await using var wrong = await ServiceProcess.StartAsync(cluster.Arguments(cluster.Redis.Address), clock.Environment);
        using var host = await Client.SignInAsync(right, "host", "broadcaster");
        using var ada = await Client.SignInAsync(right, "ada");
        using var bob = await Client.SignInAsync(right, "bob");
        using var hostThere = Client.WithToken(wrong, host.Token!);
        using var adaThere = Client.WithToken(wrong, ada.Token!);
        using var bobThere = Client.WithToken(wrong, bob.Token!);
        await host.GoLiveAsync("match", new { slowModeSeconds = 6 });
        await FaultRun.UntilAsync(async () => (await hostThere.GetAsync("streams/match")).Status == 200, "the stream at the other node");
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(wrong.Address, "healthz"));
        Assert.InRange(Math.Abs((answer.Headers.Date!.Value - DateTimeOffset.UtcNow).TotalMinutes), minutes - 0.1, minutes + 0.1);

        // Slow mode: closed everywhere for six seconds of log time, and open everywhere afterwards.
        await ada.AcceptedAsync("match", new { type = "comment", text = "one" });
        var since = Stopwatch.GetTimestamp();
        Assert.Equal("slow_mode", await adaThere.RejectedAsync("match", new { type = "comment", text = "too soon" }));
        await FaultRun.UntilAsync(
            async () => (await adaThere.CallAsync(HttpMethod.Post, "streams/match/interactions", "{\"type\":\"comment\",\"text\":\"two\",\"key\":\"two\"}")).Text.Contains("accepted", StringComparison.Ordinal), "the end of slow mode");
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 5, 9 + Busy.Seconds);

        // A ban of twelve seconds, given by the node with the wrong clock.
        await hostThere.AcceptedAsync("match", new { type = "ban", user = "bob", seconds = 12 });
        since = Stopwatch.GetTimestamp();
        foreach (var client in new[] { bob, bobThere })
            await FaultRun.UntilAsync(async () => await RejectionAsync(client) == "banned", "the ban");
        await FaultRun.UntilAsync(async () => await RejectionAsync(bobThere) is null, "the end of the ban");
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 11, 15 + Busy.Seconds);
        Assert.Null(await RejectionAsync(bob));

        foreach (var node in new[] { right, wrong }) Assert.Equal(200, await node.ReadinessAsync());
        new FaultRow($"clock of one process {off}", 4, 4, 0, 0, 0, 0, TimeSpan.Zero).Tell();
    }

    // The code of an answer that says that the outcome is unknown is one too: a busy machine may need longer.
    private static async Task<string?> RejectionAsync(Client client)
    {
        var answer = await client.CallAsync(HttpMethod.Post, "streams/match/interactions", "{\"type\":\"reaction\",\"kind\":\"like\"}");
        if (answer.Status == 503) return answer.Problem(503);
        return answer.Expect(200).GetProperty("results")[0].TryGetProperty("code", out var code) ? code.GetString() : null;
    }
}
