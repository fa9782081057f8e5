using System.Text;
using System.Text.Json;
using Interactions.LoadTests.Checks;
using Interactions.LoadTests.Clients;
using Interactions.Tests.Frontend.Admission;
using Xunit;

namespace Interactions.Tests.LoadTests;

public sealed class ReportedLatencyTests
{
    private const string Before = """
        interactions_delivery_latency_seconds_bucket{transport="websocket",le="0.005"} 1
        interactions_delivery_latency_seconds_bucket{transport="websocket",le="0.01"} 1
        interactions_delivery_latency_seconds_bucket{transport="websocket",le="+Inf"} 1
        """;

    private const string After = """
        interactions_delivery_latency_seconds_bucket{transport="sse",le="0.005"} 900
        interactions_delivery_latency_seconds_bucket{transport="websocket",le="0.005"} 1
        interactions_delivery_latency_seconds_bucket{transport="websocket",le="0.01"} 81
        interactions_delivery_latency_seconds_bucket{transport="websocket",le="+Inf"} 101
        """;

    [Fact]
    public void Percentiles_are_those_of_what_came_since_and_linear_within_a_bucket()
    {
        var reported = ReportedLatency.Parse(After).Since(ReportedLatency.Parse(Before));
        Assert.Equal(100, reported.Count);
        Assert.Equal(7.5, reported.PercentileMs(40), 6);
        Assert.Equal(10, reported.PercentileMs(80), 6);
        Assert.Equal(10, reported.PercentileMs(99), 6);
        Assert.Equal(0, ReportedLatency.Parse("").PercentileMs(50));
    }

    [Fact]
    public void Frames_of_slow_and_of_fast_times_have_the_same_chance_to_be_reported()
    {
        var clock = new ManualClock();
        var reports = new LatencyReports(TimeSpan.FromSeconds(2), clock, seed: 1);
        var reported = new List<double>();
        for (var second = 0; second < 2000; second++)
        {
            // Even seconds are good ones: 40 frames of 10 ms. Odd ones bad: 4 frames of 200 ms.
            var (frames, latency) = second % 2 == 0 ? (40, 10) : (4, 200);
            for (var i = 0; i < frames; i++)
            {
                clock.Advance(TimeSpan.FromSeconds(1.0 / frames));
                reports.Add(TimeSpan.FromMilliseconds(latency));
                if (reports.Next(clock.GetTimestamp()) is not { } ping) continue;
                var message = JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(ping));
                Assert.Equal("ping", message.GetProperty("t").GetString());
                var latencies = message.GetProperty("latencyMs").EnumerateArray().Select(one => one.GetDouble()).ToList();
                Assert.InRange(latencies.Count, 1, LatencyReports.Most);
                reported.AddRange(latencies);
            }
        }

        Assert.InRange(reported.Count, 8000, 10_000);
        Assert.InRange(reported.Count(one => one == 200) / (double)reported.Count, 0.08, 0.102);
    }
}
