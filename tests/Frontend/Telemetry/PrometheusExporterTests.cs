using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Interactions.Contracts;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Wire;
using Interactions.LoadTests.Checks;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Interactions.Tests.Frontend.Telemetry;

public sealed class PrometheusExporterTests : IDisposable
{
    private readonly ServiceProvider _provider = new ServiceCollection().AddTelemetry().AddSingleton<SiloMetrics>().BuildServiceProvider();
    private readonly PrometheusExporter _exporter;
    private readonly Meter _meter;

    public PrometheusExporterTests()
    {
        _exporter = _provider.GetRequiredService<PrometheusExporter>();
        _meter = _provider.GetRequiredService<IMeterFactory>().Create("Interactions.Test");
    }

    public void Dispose() => _provider.Dispose();

    [Fact]
    public void Counters_end_with_total_and_add_up_by_label()
    {
        var counter = _meter.CreateCounter<long>("interactions.things", "{thing}", "Things\nand \\ more.");
        counter.Add(2, Tag("code", "ok"));
        counter.Add(3, Tag("code", "ok"));
        counter.Add(1, Tag("code", "a\"b\\c\nd"));
        Shows(
            """
            # HELP interactions_things_total Things\nand \\ more.
            # TYPE interactions_things_total counter
            interactions_things_total{code="a\"b\\c\nd"} 1
            interactions_things_total{code="ok"} 5

            """);
    }

    [Fact]
    public void The_order_of_tags_makes_no_difference()
    {
        var counter = _meter.CreateCounter<int>("pairs");
        counter.Add(1, Tag("a.x", "1"), Tag("b", true));
        counter.Add(1, Tag("b", true), Tag("a.x", "1"));
        Shows("pairs_total{a_x=\"1\",b=\"True\"} 2\n");
    }

    [Fact]
    public void Units_become_suffixes_and_are_not_doubled()
    {
        _meter.CreateCounter<double>("sent", "By").Add(1.5);
        _meter.CreateUpDownCounter<long>("queue.bytes", "By").Add(-2);
        Shows("# TYPE sent_bytes_total counter\nsent_bytes_total 1.5\n");
        Shows("# TYPE queue_bytes gauge\nqueue_bytes -2\n");
        Assert.Equal("_9_lives_seconds", PrometheusText.MetricName("9.lives", "s", MetricKind.Gauge));
    }

    [Fact]
    public void Histograms_have_cumulative_buckets_a_sum_and_a_count()
    {
        var histogram = _meter.CreateHistogram("took", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var value in (double[])[0.05, 0.1, 0.5, 7]) histogram.Record(value, Tag("k", "v"));
        Shows(
            """
            # TYPE took_seconds histogram
            took_seconds_bucket{k="v",le="0.1"} 2
            took_seconds_bucket{k="v",le="1"} 3
            took_seconds_bucket{k="v",le="+Inf"} 4
            took_seconds_sum{k="v"} 7.65
            took_seconds_count{k="v"} 4

            """);
    }

    [Fact]
    public void Gauges_are_asked_when_scraped_and_what_they_leave_out_is_gone()
    {
        Measurement<int>[] values = [new(1, Tag("n", "a")), new(2, Tag("n", "b"))];
        _meter.CreateObservableGauge("depth", () => values);
        Shows("depth{n=\"a\"} 1\ndepth{n=\"b\"} 2\n");
        values = [new(3, Tag("n", "b"))];
        var text = _exporter.Render();
        Assert.Contains("depth{n=\"b\"} 3\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("depth{n=\"a\"}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_instrument_that_throws_does_not_take_the_others_along()
    {
        _meter.CreateObservableGauge<int>("broken", new Func<int>(() => throw new InvalidOperationException("broken")));
        _meter.CreateObservableCounter("whole", () => 7L);
        Shows("whole_total 7\n");
    }

    [Fact]
    public void Other_meters_are_left_out()
    {
        using var other = new ServiceCollection().AddTelemetry().AddSingleton<SiloMetrics>().BuildServiceProvider();
        other.GetRequiredService<IMeterFactory>().Create("Interactions.Test").CreateCounter<long>("foreign").Add(1);
        using var named = new Meter("Other");
        named.CreateCounter<long>("named").Add(1);
        var text = _exporter.Render();
        Assert.DoesNotContain("foreign", text, StringComparison.Ordinal);
        Assert.DoesNotContain("named", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_without_bound_are_added_up_in_one_series()
    {
        var counter = _meter.CreateCounter<long>("many");
        for (var i = 0; i < 3 * MetricFamily.MaxSeries; i++) counter.Add(1, Tag("id", i));
        Shows($"many_total{{overflow=\"true\"}} {2 * MetricFamily.MaxSeries}\n");
    }

    [Fact]
    public void Nothing_is_lost_between_threads()
    {
        var counter = _meter.CreateCounter<long>("racing");
        var histogram = _meter.CreateHistogram<double>("racing.took", "s");
        Parallel.For(0, 40_000, i =>
        {
            counter.Add(1, Tag("n", i % 4 == 0 ? "a" : "b"));
            histogram.Record(0.25);
        });
        Shows("racing_total{n=\"a\"} 10000\nracing_total{n=\"b\"} 30000\n");
        Shows("racing_took_seconds_sum 10000\nracing_took_seconds_count 40000\n");
    }

    [Fact]
    public void The_frontends_own_metrics_are_there()
    {
        var metrics = _provider.GetRequiredService<FrontendMetrics>();
        metrics.ConnectionOpened(Transport.Sse);
        metrics.ConnectionOpened(Transport.Sse);
        metrics.ConnectionClosed(Transport.Sse, CloseReasons.Left);
        metrics.ItemAnswered(Code.SlowMode, "comment");
        metrics.FramesSent(Transport.Sse, 3, 390);
        metrics.CatchUpSent("resume");
        metrics.SnapshotSent("join");
        metrics.FannedOut(TimeSpan.FromMilliseconds(2));
        metrics.LikeToFrame(TimeSpan.FromMilliseconds(-3));
        Shows("interactions_connections{transport=\"sse\"} 1\n");
        Shows("interactions_connections_closed_total{reason=\"left\",transport=\"sse\"} 1\n");
        Shows("interactions_connections_closed_total{reason=\"no_progress\",transport=\"websocket\"} 0\n");
        Shows("interactions_items_total{code=\"slow_mode\",type=\"comment\"} 1\n");
        Shows("interactions_frames_total{transport=\"sse\"} 3\n");
        Shows("interactions_frames_size_bytes_total{transport=\"sse\"} 390\n");
        Shows("interactions_catchups_total{reason=\"resume\"} 1\n");
        Shows("interactions_snapshots_total{reason=\"join\"} 1\n");
        Shows("interactions_fanout_duration_seconds_bucket{le=\"0.0025\"} 1\n");
        Shows("interactions_frame_latency_seconds_sum 0\n");
    }

    [Fact]
    public void Recording_a_known_series_allocates_nothing()
    {
        var metrics = _provider.GetRequiredService<FrontendMetrics>();
        var silo = _provider.GetRequiredService<SiloMetrics>();
        var answers = Answers();
        void Record()
        {
            var sent = new SentCount();
            sent.Add(Transport.WebSocket, 130);
            sent.Tell(metrics);
            foreach (var (code, type) in answers) metrics.ItemAnswered(code, type);
            metrics.Delivered(Transport.Sse, 12.5);
            silo.Folded(TimeSpan.FromMilliseconds(1));
            silo.AppendEnded("taken", TimeSpan.FromMilliseconds(1));
            silo.EntryMade(2, 3, 200);
            metrics.FramesSent(Transport.Sse, 1, 130);
            metrics.FannedOut(TimeSpan.FromMilliseconds(1));
        }

        Record();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Record();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Every_line_is_of_the_text_format_and_every_metric_comes_once()
    {
        _provider.GetRequiredService<FrontendMetrics>().FannedOut(TimeSpan.FromMilliseconds(2));
        var text = _exporter.Render();
        var sample = new Regex("""^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="(\\[\\n"]|[^\\"\n])*",?)*\})? (-?[0-9.]+(E[+-]?[0-9]+)?|[+-]Inf|NaN)$""");
        var comment = new Regex("^# (HELP|TYPE) [a-zA-Z_:][a-zA-Z0-9_:]* .*$");
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var lines = text.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.True(comment.IsMatch(line) || sample.IsMatch(line), line));
        var types = lines.Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)).ToList();
        Assert.Equal(types.Count, types.Distinct().Count());
        Assert.Contains("process_cpu_seconds_total ", text, StringComparison.Ordinal);
        Assert.Contains("process_resident_memory_bytes ", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_collections_total{", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12.5)]
    [InlineData(98)]
    [InlineData(101)]
    [InlineData(199)]
    public void A_delivery_latency_is_known_to_5_ms_where_it_matters(double latencyMs)
    {
        _provider.GetRequiredService<FrontendMetrics>().Delivered(Transport.WebSocket, latencyMs);
        var reported = ReportedLatency.Parse(_exporter.Render());
        Assert.Equal(1, reported.Count);
        Assert.All((double[])[1, 50, 99], percent => Assert.InRange(reported.PercentileMs(percent), latencyMs - 5, latencyMs + 5));
    }

    private static (Code, string)[] Answers() => [(Code.Accepted, "reaction"), (Code.SlowMode, "comment")];

    private static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);

    private void Shows(string expected) => Assert.Contains(expected, _exporter.Render(), StringComparison.Ordinal);
}
