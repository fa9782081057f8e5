using System.Text.Json;
using System.Text.RegularExpressions;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Observability;

[Collection(EndToEndCollection.Name)]
public sealed partial class MetricsTests(RunningService running)
{
    [Fact]
    public async Task Promtool_finds_nothing_wrong()
    {
        await LiveAsync("promtool");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, (await Scrape.OfAsync(running.Process)).Text);
            Assert.Equal("", (await Command.RunAsync("sh", "-c", $"promtool check metrics < {file}")).Trim());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Every_metric_in_the_docs_is_there_and_the_other_way_round()
    {
        await LiveAsync("documented");
        var scrape = await Scrape.OfAsync(running.Process);
        var section = await SectionAsync("Metrics");
        var documented = TableName().Matches(section).Select(match => match.Groups[1].Value).ToHashSet();
        Assert.True(documented.Count > 30, $"Only {documented.Count} metrics are in the table.");
        Assert.Empty(documented.Except(scrape.Names));
        var ours = scrape.Text.Split('\n').Where(line => line.StartsWith("# TYPE interactions_", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]);
        Assert.Empty(ours.Except(documented));
    }

    [Fact]
    public async Task The_dashboard_asks_only_for_what_is_there()
    {
        await LiveAsync("dashboard");
        var scrape = await Scrape.OfAsync(running.Process);
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "grafana", "interactions.json")));
        var expressions = Strings(dashboard.RootElement, "expr").ToList();
        Assert.True(expressions.Count > 15, $"Only {expressions.Count} expressions were found.");
        var asked = expressions.SelectMany(expression => QueryName().Matches(expression)).Select(match => match.Value).ToHashSet();
        Assert.Empty(asked.Except(scrape.Names));
    }

    [Fact]
    public async Task Every_setting_that_is_read_is_in_the_docs()
    {
        var section = await SectionAsync("Settings");
        var read = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Frontend"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => SettingRead().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .ToHashSet();
        Assert.True(read.Count > 15, $"Only {read.Count} settings were found.");
        Assert.All(read, setting => Assert.Contains($"`{setting}`", section, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Frames_connections_and_interactions_are_counted_by_transport_outcome_and_type()
    {
        var before = await Scrape.OfAsync(running.Process);
        await LiveAsync("counted");
        var after = await Scrape.OfAsync(running.Process);
        void Rose(string series, double least) =>
            Assert.True(after.Value(series) - before.Value(series) >= least, $"{series} rose by {after.Value(series) - before.Value(series)}, not {least}.");
        Rose("""interactions_connections_opened_total{transport="websocket"}""", 1);
        Rose("""interactions_connections_closed_total{reason="left",transport="websocket"}""", 1);
        Rose("""interactions_frames_total{transport="websocket"}""", 2);
        Rose("""interactions_frames_size_bytes_total{transport="websocket"}""", 200);
        Rose("""interactions_items_total{code="accepted",type="comment"}""", 1);
        Rose("""interactions_items_total{code="unknown_kind",type="reaction"}""", 1);
        Rose("""interactions_log_append_duration_seconds_count{outcome="taken"}""", 1);
        Rose("""interactions_fold_entries_total""", 1);
        Rose("""interactions_snapshots_total{reason="join"}""", 1);
        Rose("""interactions_tokens_refused_total{reason="malformed"}""", 1);
    }

    // A stream with something of everything in it.
    private async Task LiveAsync(string stream)
    {
        using var owner = await Client.SignInAsync(running.Process, $"{stream}-owner", "broadcaster");
        await owner.GoLiveAsync(stream);
        await using (var viewer = new SocketViewer(running.Process, stream, owner.Token))
        {
            await viewer.Ledger.UntilAsync(ledger => ledger.Position is not null, "a snapshot");
            var id = await owner.AcceptedAsync(stream, new { type = "comment", text = "seen" });
            await viewer.Ledger.UntilAsync(ledger => ledger.HasComment(id), "the comment");
        }

        Assert.Equal("unknown_kind", await owner.RejectedAsync(stream, new { type = "reaction", kind = "no-such" }));
        using var stranger = Client.WithToken(running.Process, "no token at all");
        (await stranger.GetAsync("streams")).Problem(401);
        await Eventually.TrueAsync(
            async () => (await Scrape.OfAsync(running.Process)).Value("""interactions_connections{transport="websocket"}""") == 0, "the viewer's end to be counted");
    }

    private static async Task<string> SectionAsync(string title)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations.md"));
        var begin = text.IndexOf($"\n## {title}\n", StringComparison.Ordinal);
        Assert.True(begin >= 0, $"docs/operations.md has no section {title}.");
        var end = text.IndexOf("\n## ", begin + 1, StringComparison.Ordinal);
        return end < 0 ? text[begin..] : text[begin..end];
    }

    private static IEnumerable<string> Strings(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(one => Strings(one, name)),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field =>
            field.Name == name && field.Value.ValueKind == JsonValueKind.String ? [field.Value.GetString()!] : Strings(field.Value, name)),
        _ => [],
    };

    [GeneratedRegex(@"(?m)^\| `([a-z_]+)`")]
    private static partial Regex TableName();

    [GeneratedRegex(@"\b(interactions|process|dotnet|http_server|kestrel)_[a-z0-9_]+")]
    private static partial Regex QueryName();

    [GeneratedRegex("""read\.(?:Text|Whole|Flag|Choice|List|Share)\("([A-Za-z]+:[A-Za-z:]+)""")]
    private static partial Regex SettingRead();
}
