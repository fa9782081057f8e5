
namespace Interactions.Frontend.Settings;

/// <summary><c>Telemetry:*</c>: what is sent to an OpenTelemetry collector.</summary>
/// <param name="Otlp">Where to; null = as <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says, and nowhere if that says nothing.</param>
/// <param name="Protocol">Used with <paramref name="Otlp"/>.</param>
/// <param name="IntervalSeconds">Between two exports of metrics.</param>
/// <param name="TraceRatio">Share of sends that are traced, 0 to 1.</param>
/// <param name="FromEnvironment">Whether OpenTelemetry's own variable names an endpoint.</param>
internal sealed record TelemetryOptions(
    Uri? Otlp = null,
    OtlpProtocol Protocol = OtlpProtocol.HttpProtobuf,
    int IntervalSeconds = 15,
    double TraceRatio = 0,
    bool FromEnvironment = false)
{
    public bool Exports => Otlp is not null || FromEnvironment;

    /// <param name="signal"><c>metrics</c>, <c>traces</c> or <c>logs</c>.</param>
    public Uri Endpoint(string signal)
    {
        var endpoint = Otlp ?? throw new InvalidOperationException("Telemetry:Otlp is not set.");
        return Protocol == OtlpProtocol.Grpc ? endpoint : new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/{signal}");
    }

    internal static TelemetryOptions Read(OptionReader read)
    {
        var standard = new TelemetryOptions();
        Uri? endpoint = null;
        if (read.Text("Telemetry:Otlp") is { } text && (!Uri.TryCreate(text, UriKind.Absolute, out endpoint) || endpoint.Scheme is not ("http" or "https")))
        {
            read.Refuse("Telemetry:Otlp", $"has to be an http(s) URL such as http://localhost:4318; not {text}");
            endpoint = null;
        }

        return new TelemetryOptions(
            endpoint,
            read.Choice("Telemetry:OtlpProtocol", standard.Protocol),
            read.Whole("Telemetry:OtlpIntervalSeconds", standard.IntervalSeconds, 1, 3_600),
            read.Share("Telemetry:TraceRatio", standard.TraceRatio),
            endpoint is null && read.Text("OTEL_EXPORTER_OTLP_ENDPOINT") is not null);
    }
}
