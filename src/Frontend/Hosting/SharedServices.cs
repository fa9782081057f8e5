using System.Diagnostics.Metrics;
using Interactions.Frontend.Settings;
using Interactions.Frontend.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Interactions.Frontend.Hosting;

/// <summary>
/// What the hosts of one process share, the one that serves HTTP and the one of the silo or client: log lines, meters, and their export.
/// </summary>
internal sealed class SharedServices : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public SharedServices(IConfiguration configuration, TelemetryOptions telemetry)
    {
        var services = new ServiceCollection();
        services.AddSingleton(configuration);
        services.AddLogging(logging =>
        {
            logging.AddConfiguration(configuration.GetSection("Logging"));
            ConsoleLogs.Add(logging);
            if (telemetry.Exports) OtlpExport.AddLogs(logging, telemetry); // else its assemblies are not even loaded
        });
        services.AddMetrics();
        services.AddSingleton(provider => new PrometheusExporter(provider.GetRequiredService<IMeterFactory>()));
        _services = services.BuildServiceProvider();
        _services.GetRequiredService<PrometheusExporter>(); // what is measured before it exists is not seen by it
    }

    public ILoggerFactory Loggers => _services.GetRequiredService<ILoggerFactory>();

    /// <summary>Puts them in the place of a host's own.</summary>
    public void ShareWith(IServiceCollection services)
    {
        services.Replace(ServiceDescriptor.Singleton(Loggers));
        services.Replace(ServiceDescriptor.Singleton(_services.GetRequiredService<IMeterFactory>()));
        services.Replace(ServiceDescriptor.Singleton(_services.GetRequiredService<PrometheusExporter>()));
        if (_services.GetService<OpenTelemetry.Logs.LoggerProvider>() is { } exported) services.AddSingleton(exported);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
