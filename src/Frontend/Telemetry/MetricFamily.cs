using System.Collections.Concurrent;
using System.Text;

namespace Interactions.Frontend.Telemetry;

/// <summary>All series of one metric. Recording looks a series up without a lock and without allocating.</summary>
internal sealed class MetricFamily
{
    /// <summary>More label sets than this are a mistake; what is beyond is added up in one series.</summary>
    public const int MaxSeries = 1_000;

    private const string Overflow = "overflow=\"true\"";

    private readonly ConcurrentDictionary<TagSet, MetricSeries> _byTags = new(TagSet.Comparer);
    private readonly ConcurrentDictionary<TagSet, MetricSeries>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _lookup;
    private readonly SortedDictionary<string, MetricSeries> _byLabels = new(StringComparer.Ordinal);
    private readonly Lock _adding = new();
    private readonly string? _help;
    private readonly double[]? _bounds;

    public MetricFamily(string name, string? help, InstrumentKind kind, double[]? bounds)
    {
        Name = name;
        Kind = kind;
        _help = help;
        _bounds = kind.Kind == MetricKind.Histogram ? bounds : null;
        _lookup = _byTags.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public string Name { get; }

    public InstrumentKind Kind { get; }

    /// <param name="scrape">Which scrape asks, if one does.</param>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, long scrape)
    {
        if (!_lookup.TryGetValue(tags, out var series)) series = Create(tags);
        if (Kind.Kind == MetricKind.Histogram) series.Observe(value);
        else if (Kind.Adds) series.Add(value);
        else series.Set(value);
        if (Kind.IsObservable) series.SeenBy = scrape;
    }

    public void Write(StringBuilder to, long scrape)
    {
        lock (_adding)
        {
            // What never happened yet is named all the same, so that dashboards and people find it.
            var begun = !Kind.IsObservable && _byLabels.Count == 0;
            if (begun) PrometheusText.Header(to, Name, _help, Kind.Kind);
            foreach (var series in _byLabels.Values)
            {
                if (Kind.IsObservable && series.SeenBy != scrape) continue;
                if (!begun) PrometheusText.Header(to, Name, _help, Kind.Kind);
                begun = true;
                series.Write(to, Name);
            }
        }
    }

    private MetricSeries Create(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var set = new TagSet(tags.ToArray());
        var labels = set.Labels();
        lock (_adding)
        {
            if (!_byLabels.TryGetValue(labels, out var series))
            {
                if (_byLabels.Count >= MaxSeries && !_byLabels.TryGetValue(Overflow, out series)) labels = Overflow;
                if (series is null) _byLabels[labels] = series = new MetricSeries(labels, _bounds);
            }

            // Beyond the limit nothing is remembered, not even which tags those were.
            if (_byTags.Count < MaxSeries) _byTags[set] = series;
            return series;
        }
    }
}
