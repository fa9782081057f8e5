using Interactions.LoadTests.Measuring;
using Xunit;

namespace Interactions.Tests.LoadTests;

public sealed class HistogramTests
{
    [Fact]
    public void Every_percentile_is_within_1_6_percent_of_the_sorted_values()
    {
        var random = new Random(3);
        var values = Enumerable.Range(0, 20_000).Select(_ => (long)Math.Exp(random.NextDouble() * 20)).Order().ToArray();
        var histogram = new Histogram();
        foreach (var value in values) histogram.Record(value);

        foreach (var percent in new[] { 0.01, 1, 25, 50, 90, 99, 99.9, 100 })
        {
            var exact = values[Math.Max(0, (int)Math.Ceiling(values.Length * percent / 100) - 1)];
            Assert.InRange(histogram.PercentileMicroseconds(percent), exact, exact + (exact / 64.0));
        }
    }

    [Fact]
    public void Small_values_are_exact_and_nothing_exceeds_the_maximum()
    {
        var histogram = new Histogram();
        foreach (var value in new long[] { 0, 1, 63, 64, 127, 1000 }) histogram.Record(value);

        Assert.Equal(0, histogram.PercentileMicroseconds(1));
        Assert.Equal(63, histogram.PercentileMicroseconds(50));
        Assert.Equal(127, histogram.PercentileMicroseconds(80));
        Assert.Equal(1000, histogram.PercentileMicroseconds(100));
        Assert.Equal(1000, histogram.MaxMicroseconds);
    }

    [Fact]
    public void Values_outside_the_range_count_at_its_ends()
    {
        var histogram = new Histogram();
        histogram.Record(-5);
        histogram.Record(long.MaxValue);

        Assert.Equal(2, histogram.Count);
        Assert.Equal(0, histogram.PercentileMicroseconds(50));
        Assert.Equal((1L << 36) - 1, histogram.PercentileMicroseconds(100));
    }

    [Fact]
    public void The_sum_of_two_is_the_one_that_got_all_values()
    {
        var (left, right, all) = (new Histogram(), new Histogram(), new Histogram());
        for (var i = 0; i < 1000; i++)
        {
            (i % 3 == 0 ? left : right).Record(i * 37);
            all.Record(i * 37);
        }

        var sum = Histogram.Sum([left, right]);

        Assert.Equal(all.Count, sum.Count);
        Assert.Equal(all.MaxMicroseconds, sum.MaxMicroseconds);
        for (var percent = 1; percent <= 100; percent++) Assert.Equal(all.PercentileMicroseconds(percent), sum.PercentileMicroseconds(percent));
    }

    [Fact]
    public void An_empty_one_answers_0() => Assert.Equal(0, new Histogram().PercentileMicroseconds(99));
}
