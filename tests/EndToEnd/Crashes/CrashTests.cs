using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Crashes;

[Collection(EndToEndCollection.Name)]
public sealed class CrashTests
{
    private const int Kills = 20;
    private const string Stream = "crash";

    // Keys of a user are remembered for the newest 256 interactions and a fold shows the newest 2,000 comments.
    private const int MostComments = 1900;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_counted_twice_over_20_kills_under_load()
    {
        await using var service = await ServiceProcess.StartAsync("--Limits:InteractionsPerSecondPerUser", "100000");
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        await owner.GoLiveAsync(Stream, new { reactions = new[] { "tap", "keyed" } });
        await using var events = new SseViewer(service, Stream, owner.Token);
        await using var socket = new SocketViewer(service, Stream, owner.Token);
        await events.Ledger.UntilAsync(ledger => ledger.Snapshots > 0, "the first snapshot over SSE");
        await socket.Ledger.UntilAsync(ledger => ledger.Snapshots > 0, "the first snapshot over WebSocket");

        var clients = new List<Client>();
        foreach (var name in new[] { "t0", "t1", "t2", "t3", "t4", "k0", "k1" }) clients.Add(await Client.SignInAsync(service, name));
        TapSender[] taps = [.. clients.Take(5).Select((client, i) => new TapSender(client, Stream, seed: i))];
        KeyedSender[] keyed = [.. clients.Skip(5).Select(client => new KeyedSender(client, Stream))];
        var random = new Random(7);

        for (var kill = 1; kill <= Kills; kill++)
        {
            var before = taps.Sum(sender => sender.Acknowledged);
            Task[] load = [.. taps.Select(sender => sender.SendUntilCutOffAsync("tap")), .. keyed.Select(sender => sender.SendUntilCutOffAsync("keyed"))];
            // Somewhere in the middle of things, but never before anything was acknowledged.
            await socket.Ledger.UntilAsync(ledger => ledger.Total("tap") > before, "a tap of this round at the viewer");
            await Task.Delay(random.Next(50, 500));
            await service.KillAsync();
            await Task.WhenAll(load).WaitAsync(TimeSpan.FromSeconds(30));
            await service.StartAgainAsync();

            var afterRestart = (await owner.SnapshotAsync(Stream)).GetProperty("totals");
            var counted = Total(afterRestart, "tap");
            var acknowledged = taps.Sum(sender => sender.Acknowledged);
            var unanswered = taps.Sum(sender => sender.Unanswered);
            Assert.True(acknowledged <= counted && counted <= acknowledged + unanswered,
                $"Kill {kill}: acknowledged {acknowledged}, counted {counted}, unanswered {unanswered}.");

            while (keyed.Any(sender => sender.HasPending))
            {
                foreach (var sender in keyed) await sender.SendPendingAsync();
            }

            var totals = (await owner.SnapshotAsync(Stream)).GetProperty("totals");
            Assert.Equal(keyed.Sum(sender => sender.Reactions), Total(totals, "keyed"));
            foreach (var (ledger, transport) in new[] { (events.Ledger, "SSE"), (socket.Ledger, "WebSocket") })
            {
                await ledger.UntilAsync(
                    l => l.Total("tap") == counted && l.Total("keyed") == Total(totals, "keyed"), $"the totals after kill {kill} over {transport}");
                ledger.AssertBalanced();
            }
        }

        await AssertCommentsAsync(owner, keyed);
        var comments = keyed.Sum(sender => sender.IdOfText.Count);
        Assert.InRange(events.Connections, Kills, int.MaxValue);
        Assert.InRange(socket.Connections, Kills, int.MaxValue);
        foreach (var ledger in new[] { events.Ledger, socket.Ledger })
        {
            // The cursors survived the restarts: no viewer had to begin again, and none missed a comment.
            Assert.Equal(1, ledger.Snapshots);
            await ledger.UntilAsync(l => l.CommentsInFrames >= comments, "every comment, shown or counted as missed");
            Assert.Equal(comments, ledger.CommentsInFrames);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{taps.Sum(sender => sender.Acknowledged)} taps acknowledged, {taps.Sum(sender => sender.Unanswered)} unanswered; "
            + $"{keyed.Sum(sender => sender.Reactions)} keyed reactions, {comments} comments, {keyed.Sum(sender => sender.Retries)} retries.");
        foreach (var client in clients) client.Dispose();
    }

    private static async Task AssertCommentsAsync(Client owner, KeyedSender[] senders)
    {
        var found = new Dictionary<string, string>();
        var before = "";
        while (found.Count < MostComments)
        {
            var path = $"streams/{Stream}/comments?limit=100" + (before.Length == 0 ? "" : "&before=" + before);
            var page = (await owner.GetAsync(path)).Expect(200).GetProperty("comments").EnumerateArray().ToArray();
            if (page.Length == 0) break;
            foreach (var comment in page)
                Assert.True(found.TryAdd(comment.GetProperty("text").GetString()!, comment.GetProperty("id").GetString()!), $"Twice: {comment}");
            before = page[0].GetProperty("id").GetString()!;
        }

        var acknowledged = senders.SelectMany(sender => sender.IdOfText).ToDictionary();
        if (acknowledged.Count > MostComments)
        {
            foreach (var (text, id) in found) Assert.Equal(acknowledged[text], id);
            return;
        }

        Assert.Equal(acknowledged.OrderBy(pair => pair.Key), found.OrderBy(pair => pair.Key));
    }

    private static long Total(JsonElement totals, string kind) => totals.TryGetProperty(kind, out var total) ? total.GetInt64() : 0;
}
