using System.Globalization;

namespace Interactions.LoadTests.Checks;

/// <summary>The service's histogram of what viewers over WebSockets reported to it, read from <c>/metrics</c>.</summary>
internal sealed class ReportedLatency
{
    private const string Bucket = "interactions_delivery_latency_seconds_bucket{transport=\"websocket\",le=\"";

    private readonly SortedDictionary<double, double> _upTo = [];

    private ReportedLatency(IEnumerable<KeyValuePair<double, double>> upTo)
    {
        foreach (var (bound, count) in upTo) _upTo[bound] = count;
    }

    public double Count => _upTo.Count == 0 ? 0 : _upTo.Values.Last();

    public static ReportedLatency Parse(string metrics) => new(metrics.Split('\n')
        .Where(line => line.StartsWith(Bucket, StringComparison.Ordinal))
        .Select(line => (Bound: line[Bucket.Length..line.IndexOf("\"}", StringComparison.Ordinal)], Count: line[(line.LastIndexOf(' ') + 1)..]))
        .Select(bucket => KeyValuePair.Create(
            bucket.Bound == "+Inf" ? double.PositiveInfinity : double.Parse(bucket.Bound, CultureInfo.InvariantCulture),
            double.Parse(bucket.Count, CultureInfo.InvariantCulture))));

    /// <summary>What came after an earlier reading.</summary>
    public ReportedLatency Since(ReportedLatency before) =>
        new(_upTo.Select(bucket => KeyValuePair.Create(bucket.Key, bucket.Value - before._upTo.GetValueOrDefault(bucket.Key))));

    /// <summary>As Prometheus' <c>histogram_quantile</c>: linear within a bucket. 0 when there is nothing.</summary>
    public double PercentileMs(double percent)
    {
        var rank = Count * percent / 100;
        double lower = 0, below = 0;
        foreach (var (upper, upTo) in _upTo)
        {
            if (upTo >= rank && upTo > below) return 1000 * (double.IsPositiveInfinity(upper) ? lower : lower + ((upper - lower) * (rank - below) / (upTo - below)));
            (lower, below) = (upper, upTo);
        }

        return 0;
    }
}
