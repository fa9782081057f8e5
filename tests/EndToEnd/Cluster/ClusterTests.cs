using System.Diagnostics;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Cluster;

/// <summary>Several nodes over Redis behave as one service.</summary>
public sealed class ClusterTests(PairOfNodes pair) : IClassFixture<PairOfNodes>
{
    private static readonly TimeSpan Patience = Busy.Patience;

    [Fact]
    public async Task What_is_sent_to_one_node_is_seen_at_another_in_the_same_order()
    {
        var nodes = await pair.WholeAsync();
        using var host = await Client.SignInAsync(nodes[0], "host", "broadcaster");
        using var ada = await Client.SignInAsync(nodes[0], "ada");
        using var bob = await Client.SignInAsync(nodes[1], "bob");
        await host.GoLiveAsync("both");
        await using var here = new SseViewer(nodes[0], "both");
        await using var there = new SseViewer(nodes[1], "both");

        for (var i = 0; i < 20; i++)
        {
            await ada.AcceptedAsync("both", new { type = "comment", text = $"a{i}" });
            await bob.AcceptedAsync("both", new { type = "comment", text = $"b{i}" });
            await bob.AcceptedAsync("both", new { type = "reaction", kind = "like" });
        }

        await UntilAsync(() => here.Ledger.CommentsInOrder().Length == 40 && there.Ledger.CommentsInOrder().Length == 40, "all comments at both");
        Assert.Equal(here.Ledger.CommentsInOrder(), there.Ledger.CommentsInOrder());
        var (one, other) = (await host.SnapshotAsync("both"), await bob.SnapshotAsync("both"));
        Assert.Equal(20, one.GetProperty("totals").GetProperty("like").GetInt64());
        Assert.Equal(one.GetProperty("totals").ToString(), other.GetProperty("totals").ToString());
        await UntilAsync(async () => (await bob.SnapshotAsync("both")).GetProperty("viewers").GetInt32() == 2, "both viewers counted");
    }

    [Fact]
    public async Task A_ban_at_one_node_is_listed_and_told_at_another()
    {
        var nodes = await pair.WholeAsync();
        using var host = await Client.SignInAsync(nodes[0], "host", "broadcaster");
        using var moderator = await Client.SignInAsync(nodes[1], "moderator", "moderator", "ban");
        using var bob = await Client.SignInAsync(nodes[1], "bob");
        await host.GoLiveAsync("ban");
        await using var there = new SseViewer(nodes[1], "ban", bob.Token);
        await UntilAsync(() => there.Ledger.Snapshots == 1, "a snapshot");

        await host.AcceptedAsync("ban", new { type = "ban", user = "bob", seconds = 600 });
        await UntilAsync(() => there.Ledger.SaidOfBans("ban")?.StartsWith('{') == true, "the ban at Bob's node");
        var listed = (await moderator.GetAsync("streams/ban/bans")).Expect(200);
        Assert.Equal((await host.GetAsync("streams/ban/bans")).Text, listed.GetRawText());
        Assert.Equal("bob", Assert.Single(listed.GetProperty("bans").EnumerateArray()).GetProperty("user").GetString());

        await moderator.AcceptedAsync("ban", new { type = "unban", user = "bob" });
        await UntilAsync(() => there.Ledger.SaidOfBans("ban") == "null", "its end");
        await UntilAsync(async () => (await host.GetAsync("streams/ban/bans")).Expect(200).GetProperty("bans").GetArrayLength() == 0, "nobody banned at the other node");
    }

    [Fact]
    public async Task A_killed_nodes_viewers_are_gone_within_fifteen_seconds()
    {
        var nodes = await pair.WholeAsync();
        using var host = await Client.SignInAsync(nodes[1], "host", "broadcaster");
        await host.GoLiveAsync("killed");
        using var ada = await Client.SignInAsync(nodes[0], "ada");
        await using var there = new SseViewer(nodes[1], "killed");
        await using var here = new SseViewer(nodes[0], "killed", ada.Token);
        await UntilAsync(async () => await ViewersAsync(host, "killed") == 2, "both viewers counted");

        await nodes[0].KillAsync();
        var since = Stopwatch.GetTimestamp();

        await UntilAsync(async () => await ViewersAsync(host, "killed") == 1, "the dead node's viewers gone");
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 15 + Busy.Seconds);
        await UntilAsync(async () => (await host.SnapshotAsync("killed")).GetProperty("roster").GetProperty("count").GetInt32() == 0, "its people gone");
    }

    [Fact]
    public async Task A_node_that_starts_before_its_Redis_waits_for_it_and_says_so()
    {
        await using var cluster = await Cluster.StartAsync(1);
        using var host = await Client.SignInAsync(cluster.Nodes[0], "host", "broadcaster");
        await host.GoLiveAsync("match");
        await cluster.Nodes[0].KillAsync();
        await cluster.Redis.KillAsync();

        var starting = cluster.Nodes[0].StartAgainAsync();
        using var http = new HttpClient();
        await UntilAsync(async () => await StatusAsync(http, cluster.Nodes[0], "healthz") == 200, "the node alive");
        Assert.Equal(503, await StatusAsync(http, cluster.Nodes[0], "readyz"));
        Assert.Equal(503, await StatusAsync(http, cluster.Nodes[0], "v1/streams/match"));
        Assert.False(starting.IsCompleted);

        await cluster.Redis.StartAgainAsync();
        await starting.WaitAsync(Patience);
        Assert.Equal("live", (await host.SnapshotAsync("match")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Streams_are_spread_over_the_servers_and_stay_where_they_were_created()
    {
        await using var second = await RedisProcess.StartAsync();
        await using var cluster = await Cluster.StartAsync(1, storeOf: (redis, _) => $"{redis.Address},{second.Address}");
        var (first, node) = (cluster.Redis, cluster.Nodes[0]);
        using var host = await Client.SignInAsync(node, "host", "broadcaster");
        for (var i = 0; i < 12; i++) await host.GoLiveAsync($"s{i}");

        var (ones, twos) = (await LogsAsync(first), await LogsAsync(second));
        Assert.Equal(12, ones.Count(key => !key.Contains('$')) + twos.Length);
        Assert.Contains(ones, key => !key.Contains('$'));
        Assert.NotEmpty(twos);

        // A third one moves nothing.
        await using var third = await RedisProcess.StartAsync();
        await node.TerminateAsync();
        await using var other = await cluster.StartNodeAsync($"{first.Address},{third.Address},{second.Address}");
        using var ada = await Client.SignInAsync(other, "ada");
        for (var i = 0; i < 12; i++) await ada.AcceptedAsync($"s{i}", new { type = "reaction", kind = "like" });
        Assert.Empty(await LogsAsync(third));
        for (var i = 0; i < 12; i++) Assert.Equal(1, (await ada.SnapshotAsync($"s{i}")).GetProperty("totals").GetProperty("like").GetInt64());
    }

    [Fact]
    public async Task A_user_of_three_frontends_has_the_rate_and_the_burst_of_one()
    {
        const int PerSecond = 10;
        await using var cluster = await Cluster.StartApartAsync(1, 3, settings: ["--Limits:InteractionsPerSecondPerUser", $"{PerSecond}"]);
        using var host = await Client.SignInAsync(cluster.Nodes[0], "host", "broadcaster");
        await host.GoLiveAsync("match");
        using var ada = await Client.SignInAsync(cluster.Nodes[0], "ada");
        Client[] everywhere = [.. cluster.Nodes.Select(node => Client.WithToken(node, ada.Token!))];
        foreach (var client in everywhere) await UntilAsync(async () => (await client.GetAsync("streams/match")).Status == 200, "the stream at each frontend");
        var since = Stopwatch.GetTimestamp();

        var results = await Task.WhenAll(everywhere.Select(client => client.SendAsync("match", [.. Enumerable.Range(0, 2 * PerSecond).Select(i => new { type = "comment", text = $"{i}" })])));

        var codes = results.SelectMany(one => one).Select(one => one.GetProperty("status").GetString() == "accepted" ? "accepted" : one.GetProperty("code").GetString()).ToArray();
        Assert.Equal(3 * 2 * PerSecond, codes.Length);
        Assert.InRange(codes.Count(code => code == "accepted"), 2 * PerSecond, (2 * PerSecond) + 1 + (PerSecond * Stopwatch.GetElapsedTime(since).TotalSeconds));
        Assert.Equal(["accepted", "rate_limited"], codes.Distinct().Order());
        foreach (var client in everywhere) client.Dispose();
    }

    [Fact]
    public async Task A_rolling_stop_moves_the_viewer_count_without_counting_anyone_twice_for_long()
    {
        var nodes = await pair.WholeAsync();
        using var host = await Client.SignInAsync(nodes[1], "host", "broadcaster");
        await host.GoLiveAsync("stopped");
        await using var there = new SseViewer(nodes[1], "stopped");
        await using var here = new SseViewer(nodes[0], "stopped");
        await UntilAsync(async () => await ViewersAsync(host, "stopped") == 2, "both viewers counted");

        Assert.Equal(0, await nodes[0].TerminateAsync());

        var since = Stopwatch.GetTimestamp();
        await UntilAsync(async () => await ViewersAsync(host, "stopped") == 1, "the stopped node's viewer gone");
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 3 + Busy.Seconds);
    }

    private static async Task<int> ViewersAsync(Client client, string stream) => (await client.SnapshotAsync(stream)).GetProperty("viewers").GetInt32();

    private static async Task<string[]> LogsAsync(RedisProcess redis) =>
        [.. (await redis.CliAsync("KEYS", "*:log")).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private static async Task<int> StatusAsync(HttpClient http, ServiceProcess node, string path)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri(node.Address, path));
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private static Task UntilAsync(Func<bool> isSo, string what) => UntilAsync(() => Task.FromResult(isSo()), what);

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(since) > Patience) throw new TimeoutException($"Did not come: {what}.");
            await Task.Delay(50);
        }
    }
}
