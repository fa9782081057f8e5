using System.Diagnostics;
using Interactions.LoadTests.Measuring;
using Interactions.LoadTests.Swarm.Watching;
using Xunit;

namespace Interactions.Tests.LoadTests.Swarm;

public sealed class LikeClockTests
{
    private static readonly long Ms = Stopwatch.Frequency / 1000;

    [Fact]
    public void The_nth_like_is_seen_when_the_total_reaches_n()
    {
        // Due at 1000, 1010, 1020, 1030 ms; the first is warm-up.
        var clock = new LikeClock(1000 * Ms, PerSecond: 100, Streams: 1, Unmeasured: 1, Before: 100);
        var latency = new Histogram();

        clock.Record(0, from: 100, to: 102, 1025 * Ms, latency);
        clock.Record(0, from: 102, to: 104, 1045 * Ms, latency);

        Assert.Equal(3, latency.Count);
        Assert.InRange(latency.PercentileMicroseconds(1), 15_000, 15_240);
        Assert.InRange(latency.MaxMicroseconds, 25_000, 25_000);
    }

    [Fact]
    public void Likes_are_dealt_out_over_streams_in_turn()
    {
        // Stream 2 of 5 gets likes 2, 7 and 12, due at 1020, 1070 and 1120 ms.
        var clock = new LikeClock(1000 * Ms, PerSecond: 100, Streams: 5, Unmeasured: 0, Before: 0);
        var latency = new Histogram();

        clock.Record(2, from: 1, to: 2, 1071 * Ms, latency);

        Assert.Equal(1, latency.Count);
        Assert.InRange(latency.MaxMicroseconds, 1_000, 1_000);
    }

    [Fact]
    public void Without_a_start_nothing_is_measured()
    {
        var latency = new Histogram();
        default(LikeClock).Record(0, 0, 100, 1, latency);
        Assert.Equal(0, latency.Count);
    }

    [Fact]
    public void A_histogram_survives_the_way_to_another_process()
    {
        var histogram = new Histogram();
        for (var value = 1; value < 1_000_000; value = (value * 3) + 1) histogram.Record(value);

        var back = Histogram.FromSparse(histogram.ToSparse());

        Assert.Equal((histogram.Count, histogram.MaxMicroseconds), (back.Count, back.MaxMicroseconds));
        foreach (var percent in (double[])[1, 50, 90, 99, 100]) Assert.Equal(histogram.PercentileMicroseconds(percent), back.PercentileMicroseconds(percent));
    }
}
