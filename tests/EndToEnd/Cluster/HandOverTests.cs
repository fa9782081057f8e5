using System.Globalization;
using System.Text.RegularExpressions;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Cluster;

/// <summary>What becomes of a silo's streams when it is told to stop.</summary>
public sealed partial class HandOverTests
{
    private const int Streams = 300;
    private const int Senders = 8;

    [Fact]
    public async Task All_streams_of_a_silo_that_stops_go_on_at_another_and_nobody_notices()
    {
        await using var cluster = await Cluster.StartApartAsync(2, 2, settings: ["--Limits:InteractionsPerSecondPerUser", "100000", "--Limits:StreamsPerMinutePerUser", "10000"]);
        using var host = await Client.SignInAsync(cluster.Nodes[0], "host", "broadcaster");
        using var there = Client.WithToken(cluster.Nodes[1], host.Token!);
        List<SseViewer> viewers = [];
        try
        {
            await EachAsync(stream => host.GoLiveAsync(NameOf(stream)));
            for (var i = 0; i < Streams; i++) viewers.Add(new SseViewer(cluster.Nodes[i % 2], NameOf(i)));
            foreach (var viewer in viewers) await viewer.Ledger.UntilAsync(ledger => ledger.Snapshots == 1, "a snapshot");
            int[] connections = [.. viewers.Select(viewer => viewer.Connections)];
            var accepted = new long[Streams];
            await EachAsync(stream => LikeAsync(host, stream, accepted)); // each is active, on one of the two

            using var stop = new CancellationTokenSource();
            var load = Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
            {
                for (var stream = sender; !stop.IsCancellationRequested; stream = (stream + Senders) % Streams) await LikeAsync(sender % 2 == 0 ? host : there, stream, accepted);
            })));
            var exit = await cluster.Silos[0].TerminateAsync();
            await stop.CancelAsync();
            await load;
            await EachAsync(stream => LikeAsync(there, stream, accepted));

            Assert.Equal(0, exit);
            var handedOver = HandedOver().Match(cluster.Silos[0].Output);
            Assert.True(handedOver.Success, cluster.Silos[0].Output);
            TestContext.Current.TestOutputHelper?.WriteLine(handedOver.Value);
            Assert.NotEqual("0", handedOver.Groups["moved"].Value);
            Assert.Equal(handedOver.Groups["all"].Value, handedOver.Groups["moved"].Value);
            for (var i = 0; i < Streams; i++)
            {
                var likes = accepted[i];
                await viewers[i].Ledger.UntilAsync(ledger => ledger.Total("like") == likes, $"{likes} likes of {NameOf(i)}");
                viewers[i].Ledger.AssertBalanced();
                Assert.True(viewers[i].Connections == connections[i], $"The viewer of {NameOf(i)} was let go: {viewers[i].Goodbye}\n{cluster.Nodes[i % 2].Output}");
                Assert.Equal(1, viewers[i].Ledger.Snapshots);
            }
        }
        finally
        {
            foreach (var viewer in viewers) await viewer.DisposeAsync();
        }
    }

    private static string NameOf(int stream) => string.Create(CultureInfo.InvariantCulture, $"s{stream}");

    private static Task EachAsync(Func<int, Task> act) =>
        Parallel.ForEachAsync(Enumerable.Range(0, Streams), new ParallelOptions { MaxDegreeOfParallelism = Senders }, async (stream, _) => await act(stream));

    private static async Task LikeAsync(Client client, int stream, long[] accepted)
    {
        await client.AcceptedAsync(NameOf(stream), new { type = "reaction", kind = "like" });
        Interlocked.Increment(ref accepted[stream]);
    }

    [GeneratedRegex("(?<moved>\\d+) of (?<all>\\d+) streams were handed over to other silos in \\d+ ms")]
    private static partial Regex HandedOver();
}
