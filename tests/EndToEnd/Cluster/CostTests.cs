using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Cluster;

/// <summary>What the service asks of Redis grows with nodes and time, not with what people send.</summary>
public sealed class CostTests
{
    private const int Few = 10;
    private const int Many = 10 * Few;
    private const int EveryMs = 40;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Ten_times_the_likes_cost_less_than_a_third_more_Redis_operations()
    {
        await using var cluster = await Cluster.StartAsync(2, settings: ["--Limits:InteractionsPerSecondPerUser", "100000"]);
        using var host = await Client.SignInAsync(cluster.Nodes[0], "host", "broadcaster");
        await host.GoLiveAsync("match");
        using var there = Client.WithToken(cluster.Nodes[1], host.Token!);
        await Observability.Eventually.TrueAsync(async () => (await there.GetAsync("streams/match")).Status == 200, "the stream at the other node");

        await SendAsync(cluster, cluster.Nodes, host.Token!, 2 * Few); // what is asked once is asked now
        var (few, fewOperations, _) = await SendAsync(cluster, cluster.Nodes, host.Token!, 2 * Few);
        var (many, manyOperations, _) = await SendAsync(cluster, cluster.Nodes, host.Token!, 2 * Many);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{few / Time.TotalSeconds:0} likes/s: {fewOperations / Time.TotalSeconds:0} operations/s; {many / Time.TotalSeconds:0} likes/s: {manyOperations / Time.TotalSeconds:0} operations/s"));
        Assert.InRange((double)many / few, 9, 11);
        Assert.InRange((double)manyOperations / fewOperations, 0, 1.3);
    }

    [Fact]
    public async Task Six_frontends_cost_less_than_a_tenth_more_entries_and_Redis_operations_than_two()
    {
        await using var cluster = await Cluster.StartApartAsync(2, 6, settings: ["--Limits:InteractionsPerSecondPerUser", "100000"]);
        using var host = await Client.SignInAsync(cluster.Nodes[0], "host", "broadcaster");
        await host.GoLiveAsync("match");
        foreach (var node in cluster.Nodes)
        {
            using var there = Client.WithToken(node, host.Token!);
            await Observability.Eventually.TrueAsync(async () => (await there.GetAsync("streams/match")).Status == 200, "the stream at every node");
        }

        // The same likes, by two frontends and by six. A busy machine makes fewer entries at one time than at another.
        const int Senders = 24;
        const int Tries = 3;
        await SendAsync(cluster, cluster.Nodes, host.Token!, Senders);
        for (var tries = 1; ; tries++)
        {
            var (two, twoOperations, twoEntries) = await SendAsync(cluster, cluster.Nodes[..2], host.Token!, Senders);
            var (six, sixOperations, sixEntries) = await SendAsync(cluster, cluster.Nodes, host.Token!, Senders);
            TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{two / Time.TotalSeconds:0} likes/s by 2 frontends: {twoEntries / Time.TotalSeconds:0} entries/s, {twoOperations / Time.TotalSeconds:0} operations/s; {six / Time.TotalSeconds:0} likes/s by 6: {sixEntries / Time.TotalSeconds:0} entries/s, {sixOperations / Time.TotalSeconds:0} operations/s"));
            if (tries < Tries && (sixEntries > 1.1 * twoEntries || sixOperations > 1.1 * twoOperations)) continue;
            Assert.InRange((double)six / two, 0.9, 1.1);
            Assert.InRange((double)sixEntries / twoEntries, 0, 1.1);
            Assert.InRange((double)sixOperations / twoOperations, 0, 1.1);
            return;
        }
    }

    // Each sender on a connection of its own, at its own pace whatever is answered; dealt out over the nodes.
    private static async Task<(long Likes, long Operations, long Entries)> SendAsync(Cluster cluster, ServiceProcess[] nodes, string token, int senders)
    {
        var sockets = new List<ClientWebSocket>();
        try
        {
            for (var i = 0; i < senders; i++)
            {
                var socket = new ClientWebSocket();
                socket.Options.AddSubProtocol("interactions.v1.json");
                await socket.ConnectAsync(SocketAddress.Of(nodes[i % nodes.Length], "match", token), CancellationToken.None);
                sockets.Add(socket);
            }

            var (operations, entries) = (await OperationsAsync(cluster.Redis), await EntriesAsync(cluster));
            var likes = await Task.WhenAll(sockets.Select((socket, i) => SendAsync(socket, EveryMs * i / sockets.Count)));
            return (likes.Sum(), await OperationsAsync(cluster.Redis) - operations, await EntriesAsync(cluster) - entries);
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }
    }

    private static async Task<long> SendAsync(ClientWebSocket socket, int afterMs)
    {
        var accepted = 0L;
        var sent = (int)(Time.TotalMilliseconds / EveryMs);
        var answers = Task.Run(async () =>
        {
            var buffer = new byte[1 << 20];
            for (var left = sent; left > 0;)
            {
                var message = JsonSerializer.Deserialize<JsonElement>(await SocketAddress.ReceiveTextAsync(socket, buffer, CancellationToken.None) ?? throw new IOException($"The socket was closed: {socket.CloseStatus} {socket.CloseStatusDescription}."));
                if (message.GetProperty("t").GetString() != "ack") continue;
                left--;
                if (message.GetProperty("results")[0].GetProperty("status").GetString() == "accepted") accepted++;
            }
        });
        var since = Environment.TickCount64 + afterMs;
        for (var i = 0; i < sent; i++)
        {
            var wait = since + (i * EveryMs) - Environment.TickCount64;
            if (wait > 0) await Task.Delay((int)wait);
            var like = JsonSerializer.SerializeToUtf8Bytes(new { t = "send", @ref = i, items = new[] { new { type = "reaction", kind = "like" } } });
            await socket.SendAsync(like, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }

        await answers.WaitAsync(TimeSpan.FromSeconds(30));
        return accepted;
    }

    private static async Task<long> EntriesAsync(Cluster cluster)
    {
        const string Metric = "interactions_entry_size_bytes_count ";
        using var http = new HttpClient();
        var texts = await Task.WhenAll(cluster.Silos.Select(silo => http.GetStringAsync(new Uri(silo.Address, "metrics"))));
        return texts.SelectMany(static text => text.Split('\n')).Where(static line => line.StartsWith(Metric, StringComparison.Ordinal))
            .Sum(static line => (long)double.Parse(line[Metric.Length..].Split(' ')[0], CultureInfo.InvariantCulture));
    }

    // Commands called by scripts included.
    private static async Task<long> OperationsAsync(RedisProcess redis) => (await redis.CliAsync("INFO", "commandstats")).Split('\n')
        .Where(line => line.StartsWith("cmdstat_", StringComparison.Ordinal) && !line.StartsWith("cmdstat_info", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split("calls=")[1].Split(',')[0], CultureInfo.InvariantCulture));
}
