using System.Net;
using System.Text.Json;
using System.Threading.RateLimiting;
using Interactions.Contracts;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;

namespace Interactions.Frontend.Api;

/// <summary><c>POST /v1/ping</c>: what a WebSocket's ping is, for viewers that can't send on their connection.</summary>
internal sealed class PingEndpoint : IDisposable
{
    private const int MostBytes = 1024;

    private readonly Gatekeeper _gate;
    private readonly AuthOptions _auth;
    private readonly Pings _pings;
    // Made at the first ping: it keeps a timer that fires ten times a second.
    private readonly Lazy<PartitionedRateLimiter<string>> _limiter;

    public PingEndpoint(Gatekeeper gate, AuthOptions auth, Pings pings, TimeProvider time)
    {
        (_gate, _auth, _pings) = (gate, auth, pings);

        // A client pings every few seconds. Those without a token share an address with many others, behind a carrier's NAT.
        RateLimiter Bucket(string who) => who[0] == '@' ? new TokenBucket(50, 200, time) : new TokenBucket(2, 10, time);
        _limiter = new(() => PartitionedRateLimiter.Create<string, string>(who => RateLimitPartition.Get(who, Bucket), StringComparer.Ordinal));
    }

    public async Task PostAsync(HttpContext http)
    {
        if (!_gate.TryIdentify(http, out var identity, out var refusal))
        {
            await Problem.WriteAsync(http, refusal.Code, refusal.Detail);
            return;
        }

        if (identity is null && _auth.Anonymous != AnonymousAccess.Watch)
        {
            await Problem.WriteAsync(http, Code.Unauthorized, "A token is needed.");
            return;
        }

        using var lease = _limiter.Value.AttemptAcquire(identity is null ? $"@{Network(http.Connection.RemoteIpAddress)}" : $"u{identity.User}");
        if (!lease.IsAcquired)
        {
            await Problem.WriteAsync(http, Code.RateLimited, null, lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : null);
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
            json.WriteNumber("at"u8, _pings.NowMs);
            json.WriteEndObject();
        }));
    }

    public void Dispose()
    {
        if (_limiter.IsValueCreated) _limiter.Value.Dispose();
    }

    private string? Take(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Shape.Json);
            var message = document.RootElement;
            if (message.ValueKind != JsonValueKind.Object) return "The body has to be an object.";
            if (!Shape.Text(message, "transport", 1, 16, out var name) || !TransportNames.TryParse(name, out var transport))
                return "transport is sse, signalr or websocket.";
            return _pings.TryTake(message, transport, out var problem) ? null : problem;
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return "The body is not JSON.";
        }
    }

    // An IPv6 customer has a /64 and could otherwise be as many as it likes.
    private static string Network(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4().ToString();
        return address.GetAddressBytes() is { Length: 16 } bytes ? Convert.ToHexString(bytes, 0, 8) : address.ToString();
    }
}
