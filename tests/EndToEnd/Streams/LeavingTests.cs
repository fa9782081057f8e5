using System.Diagnostics;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Streams;

/// <summary>Clients that leave, and nodes that die, in the middle of a call that changes a stream.</summary>
public sealed class LeavingTests
{
    private const int LongestMs = 12;
    private static readonly string[] Settings = ["--Limits:StreamsPerMinutePerUser", "100000"];

    [Fact]
    public async Task What_a_client_began_is_finished_though_it_leaves_within_12_ms()
    {
        await using var service = await ServiceProcess.StartAsync(Settings);
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        await LeaveAsync([service], owner);
    }

    [Fact]
    public async Task What_a_client_began_is_finished_on_every_node_though_it_leaves_within_12_ms()
    {
        await using var cluster = await Cluster.Cluster.StartAsync(2, settings: Settings);
        using var owner = await Client.SignInAsync(cluster.Nodes[0], "owner", "broadcaster");
        var ids = await LeaveAsync(cluster.Nodes, owner);
        await Agreement.UntilAsync(cluster.Nodes[1], ids);
    }

    [Fact]
    public async Task After_a_kill_in_the_middle_of_changes_the_next_start_has_them_whole_or_not_at_all()
    {
        await using var service = await ServiceProcess.StartAsync(Settings);
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        List<string> ids = [];
        var random = new Random(3);
        for (var round = 0; round < 5; round++)
        {
            var calls = await CallsAsync(owner, $"kill-{round}", each: 6);
            ids.AddRange(calls.Select(call => call.Stream));
            var sending = calls.Select(call => Ignoring(call.Call.SendAndLeaveAsync(service, call.Stream, owner.Token!, TimeSpan.FromMilliseconds(500)))).ToArray();
            await Task.Delay(random.Next(1, 60));
            await service.KillAsync();
            await Task.WhenAll(sending);
            await service.StartAgainAsync();
            Assert.Empty(await Agreement.DisagreementsAsync(service, ids));
        }

        // And every id can be used again.
        foreach (var id in ids.Except((await Agreement.ListedAsync(owner)).Keys)) (await owner.CallAsync(HttpMethod.Put, $"streams/{id}", "{}")).Expect(201);
    }

    [Fact]
    public async Task What_a_killed_node_left_half_done_is_finished_by_another()
    {
        await using var cluster = await Cluster.Cluster.StartAsync(2, settings: Settings);
        using var owner = await Client.SignInAsync(cluster.Nodes[0], "owner", "broadcaster");
        using var elsewhere = Client.WithToken(cluster.Nodes[1], owner.Token!);
        var calls = await CallsAsync(owner, "kill", each: 12);
        var sending = calls.Select(call => Ignoring(call.Call.SendAndLeaveAsync(cluster.Nodes[0], call.Stream, owner.Token!, TimeSpan.FromMilliseconds(500)))).ToArray();
        await Task.Delay(15);
        await cluster.Nodes[0].KillAsync();
        await Task.WhenAll(sending);

        await Agreement.UntilAsync(cluster.Nodes[1], [.. calls.Select(call => call.Stream)]);
        foreach (var (_, id) in calls.Where(call => call.Call.Name == "delete"))
        {
            if ((await elsewhere.GetAsync($"streams/{id}")).Status == 404) await CreateAgainAsync(elsewhere, id);
        }
    }

    // The id is free when the other node has erased what the killed one began to delete, which it does after 10 s.
    private static async Task CreateAgainAsync(Client owner, string id)
    {
        var since = Stopwatch.GetTimestamp();
        var answer = await owner.CallAsync(HttpMethod.Put, $"streams/{id}", "{}");
        while (answer.Status == 503 && Stopwatch.GetElapsedTime(since) < Busy.Patience) answer = await owner.CallAsync(HttpMethod.Put, $"streams/{id}", "{}");
        answer.Expect(201);
    }

    // Each call, from clients that leave after 0, 1, … 12 ms, on all nodes.
    private static async Task<string[]> LeaveAsync(ServiceProcess[] nodes, Client owner)
    {
        var calls = await CallsAsync(owner, "leave", each: 2 * (LongestMs + 1));
        await Task.WhenAll(calls.Index().Select(one => one.Item.Call.SendAndLeaveAsync(
            nodes[one.Index % nodes.Length], one.Item.Stream, owner.Token!, TimeSpan.FromMilliseconds(one.Index / 2 % (LongestMs + 1)))));

        // Comes behind what is under way: one thing at a time is done to a stream.
        foreach (var node in nodes)
        {
            using var client = Client.WithToken(node, owner.Token!);
            foreach (var (_, stream) in calls) await client.CallAsync(HttpMethod.Post, $"streams/{stream}/start");
        }

        string[] ids = [.. calls.Select(call => call.Stream)];
        await Agreement.UntilAsync(nodes[0], ids);
        return ids;
    }

    private static async Task<(StreamCall Call, string Stream)[]> CallsAsync(Client owner, string name, int each)
    {
        (StreamCall Call, string Stream)[] calls = [.. from call in StreamCall.All from i in Enumerable.Range(0, each) select (call, $"{name}-{call.Name}-{i}")];
        await Parallel.ForEachAsync(calls, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (one, _) => await one.Call.PrepareAsync(owner, one.Stream));
        Random.Shared.Shuffle(calls);
        return calls;
    }

    private static async Task Ignoring(Task call)
    {
        try
        {
            await call;
        }
        catch (Exception gone) when (gone is IOException or System.Net.Sockets.SocketException)
        {
            // Killed.
        }
    }
}
