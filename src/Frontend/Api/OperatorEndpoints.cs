using System.Text.Json;
using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Silo.Nodes;

namespace Interactions.Frontend.Api;

/// <summary>Health, and tokens for trying the service out.</summary>
internal sealed class OperatorEndpoints(Node node, DevTokens dev, Drain drain, LimitOptions limits, TimeProvider time)
{
    private static readonly TimeSpan ProbeWithin = TimeSpan.FromSeconds(2);

    public static Task HealthAsync(HttpContext http) => Json.WriteAsync(http, "{\"status\":\"live\"}"u8.ToArray());

    public async Task ReadyAsync(HttpContext http)
    {
        if (drain.IsDraining)
        {
            await Problem.WriteAsync(http, Code.Unavailable, "This node is draining.");
            return;
        }

        try
        {
            await node.Directory.ProbeAsync(http.RequestAborted).WaitAsync(ProbeWithin, time, http.RequestAborted);
            await Json.WriteAsync(http, "{\"status\":\"ready\"}"u8.ToArray());
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !http.RequestAborted.IsCancellationRequested)
        {
            await Problem.WriteAsync(http, Code.Unavailable, "The log can't be reached.");
        }
    }

    public async Task DevTokenAsync(HttpContext http)
    {
        if (!dev.IsEnabled || !DevTokens.IsLocal(http))
        {
            await Problem.WriteAsync(http, Code.NotFound);
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
