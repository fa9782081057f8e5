using System.Text.Json;
using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Feeds;
using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Api;

/// <summary>Health, and tokens for trying the service out.</summary>
internal sealed class OperatorEndpoints(IGrains grains, DevTokens dev, Draining draining, LimitOptions limits, TimeProvider time)
{
    private static readonly TimeSpan ProbeWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbesApart = TimeSpan.FromMilliseconds(50);

    // Anyone may ask, and each probe asks the log's servers.
    private readonly SharedWork<bool> _probes = new(() => ProbeAsync(grains, time), ProbesApart, time);

    public static Task HealthAsync(HttpContext http) => Json.WriteAsync(http, "{\"status\":\"live\"}"u8.ToArray());

    public async Task ReadyAsync(HttpContext http)
    {
        if (draining.HasBegun)
        {
            await Problem.WriteAsync(http, Code.Unavailable, "This frontend is draining.");
            return;
        }

        if (await _probes.DoAsync(http.RequestAborted)) await Json.WriteAsync(http, "{\"status\":\"ready\"}"u8.ToArray());
        else await Problem.WriteAsync(http, Code.Unavailable, "The log can't be reached.");
    }

    private static async Task<bool> ProbeAsync(IGrains grains, TimeProvider time)
    {
        try
        {
            return await grains.Cluster.ProbeAsync().WaitAsync(ProbeWithin, time);
        }
        catch (Exception)
        {
            return false; // no silo answers
        }
    }

    public async Task DevTokenAsync(HttpContext http)
    {
        if (!dev.IsEnabled || !DevTokens.IsLocal(http))
        {
            await Problem.WriteAsync(http, Code.NotFound, dev.IsEnabled ? "Tokens are given to this machine's own clients and the service's own page only." : null);
            return;
        }

        if (await Json.ReadBodyAsync(http, limits.BodyBytes) is not { } body) return;
        try
        {
            using var document = JsonDocument.Parse(body, Shape.Json);
            if (dev.TryIssue(document.RootElement, out var token, out var problem))
            {
                await Json.WriteAsync(http, Json.Encode(json =>
                {
                    json.WriteStartObject();
                    json.WriteString("token"u8, token);
                    json.WriteEndObject();
                }));
                return;
            }

            await Problem.WriteAsync(http, Code.BadRequest, problem);
        }
        catch (JsonException)
        {
            await Problem.WriteAsync(http, Code.BadRequest, "The body is not JSON.");
        }
    }
}
