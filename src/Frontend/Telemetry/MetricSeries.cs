using System.Text;

namespace Interactions.Frontend.Telemetry;

/// <summary>The numbers of one metric with one set of labels. Safe for concurrent writers, none of which waits.</summary>
/// <param name="labels">Rendered, without braces.</param>
/// <param name="bounds">Upper bounds of the buckets, rising; null = a single number.</param>
internal sealed class MetricSeries(string labels, double[]? bounds)
{
    // One more than bounds: the last takes what is above them all.
    private readonly long[] _buckets = bounds is null ? [] : new long[bounds.Length + 1];
    private double _value;

    /// <summary>The scrape that last saw it, for instruments that are asked.</summary>
    public long SeenBy { get; set; }

    public string Labels => labels;

    public void Set(double value) => Volatile.Write(ref _value, value);

    public void Add(double change)
    {
        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var found = Interlocked.CompareExchange(ref _value, seen + change, seen);

            // By bits: a NaN equals nothing, and would be tried for ever.
            if (BitConverter.DoubleToInt64Bits(found) == BitConverter.DoubleToInt64Bits(seen)) return;
            seen = found;
        }
    }

    public void Observe(double value)
    {
        if (double.IsNaN(value)) return;
        var at = Array.BinarySearch(bounds!, value);
        Interlocked.Increment(ref _buckets[at >= 0 ? at : ~at]);
        Add(value);
    }

    public void Write(StringBuilder to, string name)
    {
        if (bounds is null)
        {
            PrometheusText.Sample(to, name, labels, Volatile.Read(ref _value));
            return;
        }

        // The count is the last bucket's, so that the two agree whatever is recorded meanwhile.
        long below = 0;
        var comma = labels.Length > 0 ? "," : "";
        for (var i = 0; i < _buckets.Length; i++)
        {
            below += Interlocked.Read(ref _buckets[i]);
            var bound = PrometheusText.Number(i < bounds.Length ? bounds[i] : double.PositiveInfinity);
            PrometheusText.Sample(to, name + "_bucket", $"{labels}{comma}le=\"{bound}\"", below);
        }

        PrometheusText.Sample(to, name + "_sum", labels, Volatile.Read(ref _value));
        PrometheusText.Sample(to, name + "_count", labels, below);
    }
}
