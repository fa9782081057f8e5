using Interactions.Contracts;
using Interactions.Contracts.Grains;
using Interactions.Frontend.Api;
using Interactions.Frontend.Telemetry;

namespace Interactions.Frontend.Hosting;

/// <summary>What a process serves that has a silo and no frontend: whether it is live and ready, and what it counts.</summary>
internal sealed class SiloEndpoints(ClusterLink link, PrometheusExporter exporter, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan ProbeWithin = TimeSpan.FromSeconds(2);

    public void Map(WebApplication app)
    {
        Get(app, "/healthz", OperatorEndpoints.HealthAsync);
        Get(app, "/readyz", ReadyAsync);
        Get(app, "/metrics", exporter.WriteAsync);
    }

    private static void Get(WebApplication app, string path, RequestDelegate handle) => app.MapMethods(path, ["GET", "HEAD"], handle);

    private async Task ReadyAsync(HttpContext http)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) await Problem.WriteAsync(http, Code.Unavailable, "This silo is stopping.");
        else if (!link.Opened.IsCompletedSuccessfully) await Problem.WriteAsync(http, Code.Unavailable, "This silo has not joined its cluster yet.");
        else if (await ProbeAsync()) await Json.WriteAsync(http, "{\"status\":\"ready\"}"u8.ToArray());
        else await Problem.WriteAsync(http, Code.Unavailable, "The log can't be reached.");
    }

    private async Task<bool> ProbeAsync()
    {
        try
        {
            return await link.Client.GetGrain<IClusterGrain>(0).ProbeAsync().WaitAsync(ProbeWithin);
        }
        catch (Exception)
        {
            return false; // the silo is going down
        }
    }
}
