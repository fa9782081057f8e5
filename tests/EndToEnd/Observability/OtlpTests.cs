using System.Text;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Observability;

[Collection(EndToEndCollection.Name)]
public sealed class OtlpTests
{
    private const string Away = "Telemetry does not reach its collector";

    // Paths of field numbers in opentelemetry-proto's Export…ServiceRequest.
    private static readonly int[] MetricNames = [1, 2, 2, 1];
    private static readonly int[] SpanNames = [1, 2, 2, 5];
    private static readonly int[] SpanTraces = [1, 2, 2, 1];
    private static readonly int[] LogBodies = [1, 2, 2, 5, 1];

    [Fact]
    public async Task A_collector_gets_metrics_traces_and_logs()
    {
        await using var collector = await Collector.StartAsync();
        await using var service = await ServiceProcess.StartAsync(
            "--Telemetry:Otlp", collector.Address, "--Telemetry:TraceRatio", "1", "--Telemetry:OtlpIntervalSeconds", "1", "--Log:Kind", "Memory");
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        await owner.GoLiveAsync("traced");
        await using (var viewer = new SocketViewer(service, "traced", owner.Token))
        {
            await viewer.Ledger.UntilAsync(ledger => ledger.Position is not null, "a snapshot");
            var id = await owner.AcceptedAsync("traced", new { type = "comment", text = "a secret comment" });
            await viewer.Ledger.UntilAsync(ledger => ledger.HasComment(id), "the comment");
        }

        // A line for the logs.
        using var stranger = Client.WithToken(service, "not a token");
        (await stranger.GetAsync("streams/traced/events")).Problem(401);
        await Eventually.TrueAsync(() => Task.FromResult(Names(collector, "/v1/metrics", MetricNames).Contains("interactions.frames")), "metrics to be exported");
        Assert.Equal(0, await service.TerminateAsync());

        var metrics = Names(collector, "/v1/metrics", MetricNames);
        Assert.Superset(new HashSet<string> { "interactions.items", "interactions.log.append.duration", "interactions.streams.active" }, metrics);
        var spans = Names(collector, "/v1/traces", SpanNames);
        Assert.Equal(["append", "batch", "fold", "frame", "receive"], spans.Order(StringComparer.Ordinal));
        Assert.Single(collector.Of("/v1/traces").SelectMany(body => Protobuf.At(body, SpanTraces)).Select(Convert.ToHexString).Distinct());
        Assert.NotEmpty(Names(collector, "/v1/logs", LogBodies));
        Assert.All(collector.Received, one =>
        {
            Assert.Equal("application/x-protobuf", one.ContentType);
            var text = Encoding.Latin1.GetString(one.Body);
            Assert.DoesNotContain("a secret comment", text, StringComparison.Ordinal);
            Assert.DoesNotContain(owner.Token!, text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_collector_that_is_not_there_keeps_nobody_waiting_and_is_told_of_once_a_minute()
    {
        await using var service = await ServiceProcess.StartAsync(
            "--Telemetry:Otlp", "http://127.0.0.1:9", "--Telemetry:OtlpIntervalSeconds", "1", "--Telemetry:TraceRatio", "1", "--Log:Kind", "Memory");
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        await owner.GoLiveAsync("alone");
        await owner.AcceptedAsync("alone", new { type = "comment", text = "hello" });
        await Eventually.TrueAsync(() => Task.FromResult(service.Output.Contains(Away, StringComparison.Ordinal)), "a line about the collector");
        Assert.Equal(0, await service.TerminateAsync());
        var line = Assert.Single(service.Output.Split('\n'), line => line.Contains(Away, StringComparison.Ordinal));
        Assert.Contains("http://127.0.0.1:9", line, StringComparison.Ordinal);
    }

    private static HashSet<string> Names(Collector collector, string path, int[] fields) =>
        [.. collector.Of(path).SelectMany(body => Protobuf.At(body, fields)).Select(Encoding.UTF8.GetString)];
}
