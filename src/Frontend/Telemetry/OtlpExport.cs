using Interactions.Contracts;
using Interactions.Contracts.Telemetry;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Settings;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Interactions.Frontend.Telemetry;

/// <summary>
/// Sends metrics, sampled traces and logs to an OpenTelemetry collector, when a setting names one.
/// What is gathered when the service stops is sent before it ends, as far as the collector takes it.
/// </summary>
internal sealed class OtlpExport(
    TelemetryOptions options, RegionOptions region, TimeProvider time, ILogger<OtlpExport> logger, FrontendId? frontend = null, LoggerProvider? logs = null)
    : IHostedService, IDisposable
{
    private const int SendWithinMs = 3000;

    private readonly string _instance = frontend?.Value ?? Epochs.New();
    private readonly CollectorWatch _watch = new(time, logger);
    private MeterProvider? _meters;
    private TracerProvider? _traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _meters = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(Describe)
            .AddMeter("Interactions.*", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddOtlpExporter((exporter, reader) =>
            {
                Point(exporter, options, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = options.IntervalSeconds * 1000;
            })
            .Build();

        // Without a sampler that may say yes there is no listener, and a span costs nothing.
        if (options.TraceRatio == 0) return Task.CompletedTask;
        _traces = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(Describe)
            .AddSource(Tracing.SourceName)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceRatio)))
            .AddOtlpExporter(exporter => Point(exporter, options, "traces"))
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            _meters?.Dispose();
            _traces?.Dispose();
            logs?.ForceFlush(SendWithinMs);
        },
        CancellationToken.None);

    public void Dispose() => _watch.Dispose();

    public static void AddLogs(ILoggingBuilder logging, TelemetryOptions options) => logging.AddOpenTelemetry(logs =>
    {
        logs.IncludeFormattedMessage = true;
        logs.AddOtlpExporter(exporter => Point(exporter, options, "logs"));
    });

    // Without our own setting the exporter keeps what OTEL_EXPORTER_OTLP_* told it.
    private static void Point(OtlpExporterOptions exporter, TelemetryOptions options, string signal)
    {
        if (options.Otlp is null) return;
        exporter.Endpoint = options.Endpoint(signal);
        exporter.Protocol = options.Protocol == OtlpProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.TimeoutMilliseconds = SendWithinMs;
    }

    private void Describe(ResourceBuilder resource)
    {
        resource.AddService("interactions", serviceInstanceId: _instance);
        resource.AddAttributes([new("interactions.region", region.Name)]);
        resource.AddEnvironmentVariableDetector(); // OTEL_SERVICE_NAME has the last word
    }
}
