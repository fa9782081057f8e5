using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Interactions.Frontend.Api;

namespace Interactions.Frontend.Telemetry;

/// <summary>
/// Keeps the measurements of this service's meters (<c>Interactions.*</c>), a few of the web server's and the runtime's, and renders them as
/// Prometheus text 0.0.4. Recording is lock-free but for the first measurement of a label set; scrapes take turns.
/// </summary>
internal sealed class PrometheusExporter : IDisposable
{
    private static readonly TimeSpan ScrapesApart = TimeSpan.FromMilliseconds(100);

    // For instruments that advise none, in seconds or whatever their unit is.
    private static readonly double[] StandardBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    // Of ASP.NET Core's own meters; the rest (durations of connections that stay open for hours, say) is of no use here.
    private static readonly HashSet<string> OfTheServer =
    [
        "http.server.active_requests", "http.server.request.duration", "kestrel.active_connections", "kestrel.queued_connections", "kestrel.rejected_connections",
    ];

    // Of Orleans' meter: what tells an operator that silos can't reach each other or their grains; the rest is a hundred more.
    private static readonly HashSet<string> OfOrleans =
    [
        "orleans-app-requests-timedout", "orleans-catalog-activations", "orleans-catalog-activation-failed-to-activate",
        "orleans-gateway-connected-clients", "orleans-messaging-expired", "orleans-messaging-pings-reply-missed", "orleans-messaging-rejected",
        "orleans-messaging-sent-dropped", "orleans-messaging-sent-failed",
    ];

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _scraping = new();
    private readonly IMeterFactory? _meters;
    private readonly ProcessMetrics _process = new();
    private readonly SharedWork<byte[]> _scrapes;
    private long _scrape;

    /// <param name="meters">Whose meters; those of other factories (another host in this process) are left out. Null = any.</param>
    public PrometheusExporter(IMeterFactory? meters = null)
    {
        _meters = meters;
        _scrapes = new(() => Task.FromResult(Encoding.UTF8.GetBytes(Render())), ScrapesApart, TimeProvider.System);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsOurs(instrument) && FamilyOf(instrument) is { } family) listener.EnableMeasurementEvents(instrument, family);
        };
        Listen<byte>(value => value);
        Listen<short>(value => value);
        Listen<int>(value => value);
        Listen<long>(value => value);
        Listen<float>(value => value);
        Listen<double>(value => value);
        Listen<decimal>(value => (double)value);
        _listener.Start();
    }

    /// <summary>Everything, as it is now. An instrument that throws when asked is left out.</summary>
    public string Render()
    {
        lock (_scraping)
        {
            Volatile.Write(ref _scrape, _scrape + 1);
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException)
            {
                // The listener has asked all of them; those that failed have said nothing, which shows.
            }

            var text = new StringBuilder(8 * 1024);
            foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal)) family.Write(text, _scrape);
            _process.Write(text);
            return text.ToString();
        }
    }

    /// <summary>Answers <c>/metrics</c>: ten times a second at most, all who ask meanwhile alike.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var text = await _scrapes.DoAsync(context.RequestAborted);
        context.Response.ContentType = PrometheusText.ContentType;
        context.Response.ContentLength = text.Length;
        await Json.WriteBodyAsync(context, text);
    }

    public void Dispose() => _listener.Dispose();

    private bool IsOurs(Instrument instrument) =>
        instrument.Meter.Name == "System.Runtime"
        || ((instrument.Meter.Name.StartsWith("Interactions.", StringComparison.Ordinal) || OfTheServer.Contains(instrument.Name) || OfOrleans.Contains(instrument.Name)) && IsOurs(instrument.Meter));

    private bool IsOurs(Meter meter) => _meters is null || meter.Scope is null || ReferenceEquals(meter.Scope, _meters);

    private MetricFamily? FamilyOf(Instrument instrument)
    {
        if (InstrumentKind.Of(instrument) is not { } kind) return null;
        var name = PrometheusText.MetricName(instrument.Name, instrument.Unit, kind.Kind);
        var family = _families.GetOrAdd(name, _ => new MetricFamily(name, string.IsNullOrEmpty(instrument.Description) ? $"{instrument.Name}, as {instrument.Meter.Name} counts it." : instrument.Description, kind, Bounds(instrument)));

        // Two instruments of one name share a family; of two kinds, they can't, and the first one stays.
        return family.Kind == kind ? family : null;
    }

    private static double[] Bounds(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<float> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => StandardBounds,
    };

    private void Listen<T>(Func<T, double> number)
        where T : struct =>
        _listener.SetMeasurementEventCallback<T>((_, value, tags, state) =>
            ((MetricFamily)state!).Record(number(value), tags, Volatile.Read(ref _scrape)));
}
