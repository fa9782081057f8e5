using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Interactions.LoadTests.Clients;

/// <summary>The calls of the HTTP API that scenarios need. Whatever the service refuses is an <see cref="InvalidOperationException"/> with its own words.</summary>
internal sealed class ServiceClient : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = Timeout.InfiniteTimeSpan, UseProxy = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly ITokenSource _tokens;

    public ServiceClient(Uri baseAddress, ITokenSource? tokens)
    {
        BaseAddress = baseAddress;
        _tokens = tokens ?? new DevTokens(_http, baseAddress);
    }

    public Uri BaseAddress { get; }

    public ValueTask<string> TokenAsync(string user, string role, CancellationToken cancellationToken) =>
        _tokens.TokenAsync(user, $"User {user}", role, cancellationToken);

    public IFrameSource Source(string transport, string stream, string token) => transport switch
    {
        "sse" => new SseSource(_http, BaseAddress, stream, token),
        "websocket" => new WebSocketSource(BaseAddress, stream, token),
        "signalr" => new SignalRSource(BaseAddress, stream, token),
        _ => throw new ArgumentOutOfRangeException(nameof(transport), transport, "There is no such transport."),
    };

    /// <summary>Creates the stream (or changes it to these settings) and starts it if it is not live. One that holds reactions or comments
    /// is refused and left alone: what is in it would be taken for what this run lost or repeated.</summary>
    public async Task StartStreamAsync(string stream, object settings, string token, CancellationToken cancellationToken)
    {
        using (var get = await SendAsync(HttpMethod.Get, $"/v1/streams/{stream}", null, token, cancellationToken))
        {
            if (get.StatusCode != HttpStatusCode.NotFound)
            {
                await EnsureAsync(get, $"reading the stream {stream}", cancellationToken);
                var found = await get.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
                if (IsUsed(found)) throw new InvalidOperationException($"the stream {stream} has reactions or comments already; --stream has to name a new one.");
            }
        }

        using (var put = await SendAsync(HttpMethod.Put, $"/v1/streams/{stream}", settings, token, cancellationToken))
        {
            await EnsureAsync(put, $"creating the stream {stream}", cancellationToken);
        }

        if ((await SnapshotAsync(stream, token, cancellationToken)).GetProperty("status").GetString() == "live") return;
        using var start = await SendAsync(HttpMethod.Post, $"/v1/streams/{stream}/start", null, token, cancellationToken);
        await EnsureAsync(start, $"starting the stream {stream}", cancellationToken);
    }

    public async Task EndStreamAsync(string stream, string token, CancellationToken cancellationToken)
    {
        using var end = await SendAsync(HttpMethod.Post, $"/v1/streams/{stream}/end", null, token, cancellationToken);
        await EnsureAsync(end, $"ending the stream {stream}", cancellationToken);
    }

    public async Task<JsonElement> SnapshotAsync(string stream, string token, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"/v1/streams/{stream}", null, token, cancellationToken);
        await EnsureAsync(answer, $"reading the stream {stream}", cancellationToken);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    /// <summary>The totals by kind of a snapshot.</summary>
    public async Task<IReadOnlyDictionary<string, long>> TotalsAsync(string stream, string token, CancellationToken cancellationToken)
    {
        var snapshot = await SnapshotAsync(stream, token, cancellationToken);
        return snapshot.TryGetProperty("totals", out var totals)
            ? totals.EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetInt64())
            : [];
    }

    /// <summary>Prometheus text.</summary>
    public Task<string> MetricsAsync(CancellationToken cancellationToken) => _http.GetStringAsync(new Uri(BaseAddress, "/metrics"), cancellationToken);

    public void Dispose() => _http.Dispose();

    /// <summary>Whether a snapshot holds anything that somebody sent.</summary>
    internal static bool IsUsed(JsonElement snapshot) =>
        (snapshot.TryGetProperty("totals", out var totals) && totals.EnumerateObject().Any(t => t.Value.GetInt64() > 0))
        || (snapshot.TryGetProperty("comments", out var comments) && comments.GetArrayLength() > 0);

    internal static async Task EnsureAsync(HttpResponseMessage response, string doing, CancellationToken cancellationToken)
    {
        if (response.IsSuccessStatusCode) return;
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        throw new InvalidOperationException($"{doing}: the service answered {(int)response.StatusCode} {body[..Math.Min(body.Length, 300)]}");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body, string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(BaseAddress, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = JsonContent.Create(body);
        return await _http.SendAsync(request, cancellationToken);
    }
}
