using System.Text.Json;
using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Telemetry;

namespace Interactions.Frontend.Api;

/// <summary><c>POST /v1/ping</c>: what a WebSocket's ping is, for viewers that can't send on their connection.</summary>
internal sealed class PingEndpoint(Gatekeeper gate, Pings pings, TimeProvider time) : IDisposable
{
    private const int MostBytes = 1024;

    // A client pings every few seconds.
    private readonly CallLimiter _limiter = new(user: (2, 10), address: (50, 200), time);

    public async Task PostAsync(HttpContext http)
    {
        if (!gate.TryIdentifyWatcher(http, out var identity, out var refusal))
        {
            await Problem.WriteAsync(http, refusal.Code, refusal.Detail);
            return;
        }

        if (!_limiter.TryTake(http, identity, out var retryAfter))
        {
            await Problem.WriteAsync(http, Code.RateLimited, null, retryAfter);
            return;
        }

        if (await Json.ReadBodyAsync(http, MostBytes) is not { } body) return;
        if (Take(body) is { } problem)
        {
            await Problem.WriteAsync(http, Code.BadRequest, problem);
            return;
        }

        await Json.WriteAsync(http, Json.Encode(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("at"u8, pings.NowMs);
            json.WriteEndObject();
        }));
    }

    public void Dispose() => _limiter.Dispose();

    private string? Take(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Shape.Json);
            var message = document.RootElement;
            if (message.ValueKind != JsonValueKind.Object) return "The body has to be an object.";
            if (!Shape.Text(message, "transport", 1, 16, out var name) || !TransportNames.TryParse(name, out var transport))
                return "transport is sse, signalr or websocket.";
            return pings.TryTake(message, transport, out var problem) ? null : problem;
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return "The body is not JSON.";
        }
    }
}
