using System.Diagnostics.Metrics;
using Interactions.Silo.Telemetry;

namespace Interactions.Frontend.Telemetry;

/// <summary>Registers what is counted and how it is shown.</summary>
internal static class TelemetryServices
{
    /// <remarks>Ask for the exporter at start: what is measured before it exists is not seen by it.</remarks>
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton(provider => new PrometheusExporter(provider.GetRequiredService<IMeterFactory>()));
        services.AddSingleton(provider => new FrontendMetrics(Heard(provider)));
        services.AddSingleton(provider => new SiloMetrics(Heard(provider)));
        services.AddSingleton<ConnectionLog>();
        services.AddSingleton<Pings>();
        return services;
    }

    // The exporter first, so that no measurement is lost.
    private static IMeterFactory Heard(IServiceProvider provider)
    {
        provider.GetRequiredService<PrometheusExporter>();
        return provider.GetRequiredService<IMeterFactory>();
    }
}
