using System.Globalization;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.NextRelease;
using Interactions.Silo.Logs.Redis;
using Interactions.Silo.Streams;
using Interactions.Tests.EndToEnd.Harness;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Interactions.Tests.EndToEnd.Cluster.Faults;

/// <summary>Silos are replaced by those of the next release, whose rules are others.</summary>
public sealed class UpgradeFaults
{
    private const string Judged = "judged";

    [Fact]
    public async Task Changed_rules_begin_at_an_entry_when_the_last_silo_was_upgraded()
    {
        await using var cluster = await Cluster.StartApartAsync(2, 3, settings: FaultRun.Settings);
        await using var run = await FaultRun.BeginAsync(cluster, "match");
        await run.Owner(0).GoLiveAsync(Judged);
        List<bool> taken = [];
        await run.PlayAsync("upgrade of each silo to changed rules", async () =>
        {
            taken.Add(await IsTakenAsync(run.Owner(0), taken.Count));
            foreach (var silo in run.Silos)
            {
                Assert.Equal([true], taken.Distinct()); // a silo of today's release is there
                Assert.Equal(0, await silo.TerminateAsync());
                silo.Program = Repository.NextReleaseDll;
                await silo.StartAgainAsync();
                taken.Add(await IsTakenAsync(run.Owner(0), taken.Count));
            }

            await FaultRun.UntilAsync(
                async () =>
                {
                    taken.Add(await IsTakenAsync(run.Owner(0), taken.Count));
                    return !taken[^1];
                },
                "the new rules");
            for (var i = 0; i < 5; i++) taken.Add(await IsTakenAsync(run.Owner(0), taken.Count));
            await run.Owner(0).AcceptedAsync(Judged, new { type = "comment", text = "what is taken is stored" });
        });
        run.AssertNobodyWasCutOff();
        Assert.Equal(taken.OrderDescending(), taken);

        await using var log = RedisLog.Open(new RedisLogOptions(run.Redis.Address), TimeProvider.System, NullLogger<RedisLog>.Instance);
        foreach (var stream in (string[])[run.Stream, Judged])
        {
            var (rules, fold) = await FoldAsync(log, stream);
            Assert.Equal(rules.Order(), rules);
            Assert.Equal([RuleBook.First, NextRules.Version], rules.Distinct());
            var totals = (await run.Owner(0).SnapshotAsync(stream)).GetProperty("totals");
            Assert.All(totals.EnumerateObject(), total => Assert.Equal(total.Value.GetInt64(), fold.ToView().Total(total.Name)));
        }
    }

    private static async Task<bool> IsTakenAsync(Client client, int number)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"spoiler-{number}");
        var json = System.Text.Json.JsonSerializer.Serialize(new { type = "comment", text = NextRules.Forbidden, key });
        Answer answer = null!;
        await FaultRun.UntilAsync(async () => (answer = await client.CallAsync(HttpMethod.Post, $"streams/{Judged}/interactions", json)).Status != 503, "an answer");
        return answer.Expect(200).GetProperty("results")[0].GetProperty("status").GetString() == "accepted";
    }

    private static async Task<(List<byte> Rules, StreamState Fold)> FoldAsync(RedisLog log, string stream)
    {
        List<byte> rules = [];
        var fold = new StreamState(stream, "local", NextRules.Book);
        while (true)
        {
            var page = await log.ReadAsync(stream, fold.Position, 1000);
            Assert.Equal(ReadStatus.Ok, page.Status);
            if (page.Entries.Count == 0) return (rules, fold);
            foreach (var entry in page.Entries)
            {
                var body = EntryCodec.Decode(entry.Body);
                rules.Add(body.Rules);
                fold.Apply(entry, body);
            }
        }
    }
}
