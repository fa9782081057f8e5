using System.Diagnostics.Metrics;

namespace Interactions.Frontend.Telemetry;

/// <summary>Registers what is counted and how it is shown.</summary>
internal static class TelemetryServices
{
    /// <remarks>Ask for the exporter at start: what is measured before it exists is not seen by it.</remarks>
    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton(provider => new PrometheusExporter(provider.GetRequiredService<IMeterFactory>()));
        services.AddSingleton(provider => new FrontendMetrics(Meters(provider)));
        services.AddSingleton<ConnectionLog>();
        services.AddSingleton<Pings>();
        return services;
    }

    /// <summary>What meters are made with. The exporter is made first, so that no measurement is lost.</summary>
    public static IMeterFactory Meters(IServiceProvider provider)
    {
        provider.GetRequiredService<PrometheusExporter>();
        return provider.GetRequiredService<IMeterFactory>();
    }
}
