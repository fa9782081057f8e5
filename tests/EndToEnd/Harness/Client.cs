using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>One user's way to the HTTP API.</summary>
internal sealed class Client : IDisposable
{
    private readonly HttpClient _http;

    private Client(Uri address, string user, string? token, HttpMessageHandler? handler = null)
    {
        User = user;
        Token = token;
        _http = new HttpClient(handler ?? new HttpClientHandler()) { BaseAddress = new Uri(address, "v1/"), Timeout = Busy.Patience };
        if (token is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public string User { get; }

    public string? Token { get; }

    /// <summary>Someone without a token.</summary>
    public static Client Anonymous(ServiceProcess service) => new(service.Address, "", null);

    /// <param name="streams">What the token is for; none = every stream.</param>
    public static async Task<Client> SignInAsync(ServiceProcess service, string user, string role = "viewer", params string[] streams)
    {
        using var http = new HttpClient();
        var claims = new Dictionary<string, object> { ["sub"] = user, ["name"] = "Name of " + user, ["role"] = role };
        if (streams.Length > 0) claims["streams"] = streams;
        using var answer = await http.PostAsJsonAsync(new Uri(service.Address, "v1/dev/tokens"), claims);
        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return new Client(service.Address, user, body.GetProperty("token").GetString());
    }

    /// <summary>With a token that was made elsewhere.</summary>
    public static Client WithToken(ServiceProcess service, string token) => new(service.Address, "", token);

    /// <summary>The same user by another way: what stands in front of the service.</summary>
    public Client By(Uri address, HttpMessageHandler handler) => new(address, User, Token, handler);

    /// <summary>Whatever is answered. The path is relative to <c>/v1/</c>.</summary>
    public async Task<Answer> CallAsync(HttpMethod method, string path, string? json = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await CallAsync(request);
    }

    public async Task<Answer> CallAsync(HttpRequestMessage request)
    {
        using var answer = await _http.SendAsync(request);
        return new Answer((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType ?? "", await answer.Content.ReadAsStringAsync());
    }

    public Task<Answer> GetAsync(string path) => CallAsync(HttpMethod.Get, path);

    /// <summary>The stream's snapshot.</summary>
    public async Task<JsonElement> SnapshotAsync(string stream) => (await GetAsync($"streams/{stream}")).Expect(200);

    /// <summary>Sends items and gives their results. Anything but 200 fails.</summary>
    public async Task<JsonElement[]> SendAsync(string stream, params object[] items)
    {
        var answer = await CallAsync(HttpMethod.Post, $"streams/{stream}/interactions", JsonSerializer.Serialize(items));
        return [.. answer.Expect(200).GetProperty("results").EnumerateArray()];
    }

    /// <summary>Sends one item and gives the accepted id. A rejection fails.</summary>
    public async Task<string> AcceptedAsync(string stream, object item)
    {
        var result = Assert.Single(await SendAsync(stream, item));
        Assert.True(result.GetProperty("status").GetString() == "accepted", $"Not accepted: {result}");
        return result.GetProperty("id").GetString()!;
    }

    /// <summary>Sends one item and gives the code of its rejection.</summary>
    public async Task<string?> RejectedAsync(string stream, object item)
    {
        var result = Assert.Single(await SendAsync(stream, item));
        Assert.True(result.GetProperty("status").GetString() == "rejected", $"Not rejected: {result}");
        return result.GetProperty("code").GetString();
    }

    /// <summary>Creates a stream and starts it.</summary>
    public async Task GoLiveAsync(string stream, object? settings = null)
    {
        Assert.InRange((await KnownAsync(HttpMethod.Put, $"streams/{stream}", JsonSerializer.Serialize(settings ?? new { }))).Status, 200, 201);
        Assert.InRange((await KnownAsync(HttpMethod.Post, $"streams/{stream}/start")).Status, 200, 204);
    }

    // A busy machine may take longer than the service lets anyone wait: then the outcome is unknown, and it is asked again.
    private async Task<Answer> KnownAsync(HttpMethod method, string path, string? json = null)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await CallAsync(method, path, json);
            if (answer.Status != 503 || Stopwatch.GetElapsedTime(since) > Busy.Patience) return answer;
        }
    }

    public void Dispose() => _http.Dispose();
}
