using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Cluster;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Deployment;

/// <summary>The whole of <c>deploy/</c>, but for the containers: three frontends on a Redis with <c>deploy/redis.conf</c>, nginx in front.</summary>
public sealed class FrontedClusterTests
{
    /// <summary>As long as the JavaScript client.</summary>
    private static readonly TimeSpan AskFor = TimeSpan.FromSeconds(30);

    private static readonly string[] RedisSettings = ["--include", Path.Combine(Repository.Root, "deploy", "redis.conf")];

    [Fact]
    public async Task A_comment_is_seen_through_nginx_at_once_by_event_stream_and_WebSocket()
    {
        await using var cluster = await Cluster.Cluster.StartAsync(3, RedisSettings);
        await using var nginx = await StartNginxAsync(cluster);
        using var direct = await Client.SignInAsync(cluster.Nodes[0], "host", "broadcaster");
        using var handler = nginx.Handler();
        using var host = direct.By(nginx.Address, handler);
        await host.GoLiveAsync("match");
        await using var old = new SseViewer(nginx.Address, "match", null, nginx.Http(HttpVersion.Version11));
        await using var multiplexed = new SseViewer(nginx.Address, "match", null, nginx.Http(HttpVersion.Version20));
        await using var socket = new SocketViewer(nginx.Address, "match", direct.Token, configure: options => options.RemoteCertificateValidationCallback = (_, shown, _, _) => nginx.IsOurs(shown));
        Ledger[] ledgers = [old.Ledger, multiplexed.Ledger, socket.Ledger];
        foreach (var ledger in ledgers) await ledger.UntilAsync(seen => seen.Snapshots > 0, "the first snapshot");

        // The first way through each node may be slow; what is held back would be seen late every time.
        var took = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            var since = Stopwatch.GetTimestamp();
            var id = await host.AcceptedAsync("match", new { type = "comment", text = $"c{i}" });
            await Task.WhenAll(ledgers.Select(ledger => ledger.UntilAsync(seen => seen.HasComment(id), $"comment {i}")));
            took.Add(Stopwatch.GetElapsedTime(since));
        }

        Assert.InRange(took.Order().ElementAt(2).TotalSeconds, 0, 1 + Busy.Seconds);
        await socket.SendAsync(new { t = "send", @ref = 1, items = new[] { new { type = "reaction", kind = "like" } } });
        await Task.WhenAll(ledgers.Select(ledger => ledger.UntilAsync(seen => seen.Total("like") == 1, "the like that was sent by WebSocket")));
        Assert.All(ledgers, ledger => ledger.AssertBalanced());
        Assert.DoesNotContain(direct.Token!, nginx.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_frontends_viewers_are_back_through_nginx_within_three_seconds_and_miss_nothing()
    {
        const int Each = 4;
        await using var cluster = await Cluster.Cluster.StartAsync(3, RedisSettings);
        await using var nginx = await StartNginxAsync(cluster);
        using var direct = await Client.SignInAsync(cluster.Nodes[1], "host", "broadcaster");
        using var handler = nginx.Handler();
        using var host = direct.By(nginx.Address, handler);
        await host.GoLiveAsync("match");
        SseViewer[] streams = [.. Enumerable.Range(0, 2 * Each).Select(i => new SseViewer(nginx.Address, "match", null, nginx.Http(i % 2 == 0 ? HttpVersion.Version11 : HttpVersion.Version20)))];
        SocketViewer[] sockets = [.. Enumerable.Range(0, Each).Select(_ => new SocketViewer(
            nginx.Address, "match", direct.Token, configure: options => options.RemoteCertificateValidationCallback = (_, shown, _, _) => nginx.IsOurs(shown)))];
        try
        {
            Ledger[] ledgers = [.. streams.Select(viewer => viewer.Ledger), .. sockets.Select(viewer => viewer.Ledger)];
            await Task.WhenAll(ledgers.Select(ledger => ledger.UntilAsync(seen => seen.Viewers == ledgers.Length, "every viewer counted")));
            var accepted = new List<string>();
            for (var i = 0; i < 10; i++) accepted.Add(await CommentAsync(host, i));

            await cluster.Nodes[0].KillAsync();
            var since = Stopwatch.GetTimestamp();
            for (var i = 10; i < 20; i++) accepted.Add(await CommentAsync(host, i));
            await Task.WhenAll(ledgers.Select(ledger => ledger.UntilAsync(seen => seen.HasComment(accepted[^1]), "the last comment")));
            var took = Stopwatch.GetElapsedTime(since);

            var cut = streams.Count(viewer => viewer.Connections > 1) + sockets.Count(viewer => viewer.Connections > 1);
            TestContext.Current.SendDiagnosticMessage($"{cut} of {ledgers.Length} viewers were cut; all were up to date {took.TotalMilliseconds:F0} ms after the kill");
            Assert.InRange(cut, 1, ledgers.Length - 1);
            Assert.InRange(took.TotalSeconds, 0, 3 + Busy.Seconds);
            Assert.All(ledgers, ledger =>
            {
                Assert.Equal(accepted, ledger.CommentsInOrder());
                Assert.Equal(1, ledger.Snapshots);
                ledger.AssertBalanced();
            });
        }
        finally
        {
            foreach (var viewer in streams) await viewer.DisposeAsync();
            foreach (var viewer in sockets) await viewer.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_rolling_restart_behind_nginx_loses_and_repeats_nothing()
    {
        const int Comments = 40; // fewer than a snapshot shows
        await using var cluster = await Cluster.Cluster.StartAsync(3, RedisSettings, ["--Limits:DrainSeconds", "1"]);
        await using var nginx = await StartNginxAsync(cluster);
        using var direct = await Client.SignInAsync(cluster.Nodes[0], "host", "broadcaster");
        using var handler = nginx.Handler();
        using var host = direct.By(nginx.Address, handler);
        await host.GoLiveAsync("match");
        SseViewer[] viewers = [.. Enumerable.Range(0, 6).Select(i => new SseViewer(nginx.Address, "match", null, nginx.Http(i % 2 == 0 ? HttpVersion.Version11 : HttpVersion.Version20)))];
        try
        {
            await Task.WhenAll(viewers.Select(viewer => viewer.Ledger.UntilAsync(seen => seen.Viewers == viewers.Length, "every viewer counted")));
            var restarting = RestartAsync(cluster.Nodes);
            var accepted = new List<string>();
            for (var i = 0; i < Comments - 1; i++)
            {
                accepted.Add(await CommentAsync(host, i));
                if (!restarting.IsCompleted) await Task.WhenAny(restarting, Task.Delay(250)); // spread over the restart
            }

            // The last one reaches a viewer only at the node that it moved to.
            await restarting;
            accepted.Add(await CommentAsync(host, Comments - 1));
            await Task.WhenAll(viewers.Select(viewer => viewer.Ledger.UntilAsync(seen => seen.HasComment(accepted[^1]), "the last comment")));
            Assert.All(viewers, viewer =>
            {
                Assert.True(viewer.Connections > 1, "Every viewer had to move.");
                Assert.Equal(accepted, viewer.Ledger.CommentsInOrder());
                viewer.Ledger.AssertBalanced();
            });
        }
        finally
        {
            foreach (var viewer in viewers) await viewer.DisposeAsync();
        }

        static async Task RestartAsync(ServiceProcess[] nodes)
        {
            foreach (var node in nodes)
            {
                Assert.Equal(0, await node.TerminateAsync());
                await node.StartAgainAsync();
            }
        }
    }

    [Fact]
    public async Task Behind_nginx_a_limit_per_address_counts_the_clients_addresses_when_nginx_is_trusted()
    {
        await using var service = await ServiceProcess.StartAsync("--Proxies:Trusted", "127.0.0.1", "--Limits:ConnectionsPerAddress", "1");
        await using var nginx = await NginxFront.StartAsync(service.Address.Port);
        using var host = await Client.SignInAsync(service, "host", "broadcaster");
        await host.GoLiveAsync("match");

        using var first = await WatchAsync("127.0.0.2");
        using var same = await WatchAsync("127.0.0.2");
        using var other = await WatchAsync("127.0.0.3");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        async Task<HttpResponseMessage> WatchAsync(string from) => await nginx.Http(HttpVersion.Version11, IPAddress.Parse(from))
            .GetAsync(new Uri("v1/streams/match/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
    }

    private static Task<NginxFront> StartNginxAsync(Cluster.Cluster cluster) => NginxFront.StartAsync([.. cluster.Nodes.Select(node => node.Address.Port)]);

    // As a client does: what is unknown is asked again, with the same key.
    private static async Task<string> CommentAsync(Client client, int number)
    {
        var item = new { type = "comment", text = $"c{number}", key = $"k{number}" };
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < AskFor;)
        {
            var answer = await client.CallAsync(HttpMethod.Post, "streams/match/interactions", JsonSerializer.Serialize(new[] { item }));
            if (answer.Status == 200) return answer.Json.GetProperty("results")[0].GetProperty("id").GetString()!;
            Assert.Equal("unavailable", answer.Problem(503));
            await Task.Delay(50);
        }

        throw new TimeoutException($"Comment {number} was never answered.");
    }
}
