using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.LoadTests.Swarm;

/// <summary>Each scenario at a small size against a real service: it passes, and its report holds what it says it measures.</summary>
public sealed class ScenarioTests
{
    [Theory]
    [InlineData("hot-room", "like due to seen", "--viewers", "200", "--transport", "mix", "--comments", "10", "--likes", "50", "--seconds", "2", "--warm-up", "1")]
    [InlineData("many-rooms", "like due to seen", "--rooms", "100", "--likes", "100", "--senders", "8", "--seconds", "2", "--warm-up", "0")]
    [InlineData("ingest", "comment due to seen", "--connections", "20", "--streams", "4", "--viewers", "8", "--window", "2", "--seconds", "1", "--warm-up", "0")]
    [InlineData("ingest", "comment due to acknowledged", "--connections", "10", "--streams", "4", "--http", "true", "--seconds", "1", "--warm-up", "0")]
    [InlineData("reconnect-storm", "cut to first frame again", "--viewers", "100", "--transport", "mix", "--comments", "5", "--seconds", "4", "--warm-up", "0")]
    [InlineData("slow-viewers", "dripping viewer: frame built to read", "--viewers", "50", "--alone-seconds", "1", "--seconds", "3", "--warm-up", "0")]
    [InlineData("peer", "frame: built to seen", "--protocol", "sse", "--viewers", "100", "--settle", "0", "--seconds", "2", "--warm-up", "0")]
    [InlineData("idle", "connect to first frame", "--viewers", "100", "--transport", "websocket", "--settle", "0", "--seconds", "1")]
    public async Task A_scenario_passes_and_reports_what_it_measures(string scenario, string latency, params string[] options)
    {
        await using var service = await ServiceProcess.StartAsync("--Limits:InteractionsPerSecondPerUser", "100000");
        var folder = Path.Combine(service.Folder, "reports");
        var address = service.Address.GetLeftPart(UriPartial.Authority);
        await Command.RunAsync("dotnet", [Repository.LoadTestsDll, scenario, "--url", address, "--report", folder, .. options]);

        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, scenario + ".json")));
        Assert.True(report.RootElement.GetProperty("passed").GetBoolean());
        Assert.True(report.RootElement.GetProperty("latencies").GetProperty(latency).GetProperty("count").GetInt64() > 0, $"Nothing was measured of {latency}.");
        Assert.True(report.RootElement.GetProperty("facts").GetProperty("service: resident before viewers (MB)").GetDouble() > 10);
        Assert.Contains("<svg", await File.ReadAllTextAsync(Path.Combine(folder, scenario + ".html")), StringComparison.Ordinal);
    }
}
