using System.Net;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Api;

/// <summary>HEAD, methods that are not taken, and paths where nothing is.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class MethodTests(RunningService running)
{
    // What may differ from one answer to the next; a GET of events is the last of its connection.
    private static readonly string[] Moving = ["date", "content-length", "transfer-encoding", "connection"];

    public static TheoryData<string> Readable =>
    [
        "/", "/index.html", "/js/main.js", "/icon.svg", "/client/index.js", "/healthz", "/readyz", "/metrics", "/openapi/v1.json", "/v1/streams", "/v1/streams/methods",
        "/v1/streams/methods/me", "/v1/streams/methods/comments", "/v1/streams/methods/timeline", "/v1/streams/methods/log", "/v1/streams/methods/bans", "/v1/streams/methods/events",
    ];

    public static TheoryData<string, string> Methods => new()
    {
        { "/", "GET, HEAD" },
        { "/js/main.js", "GET, HEAD" },
        { "/healthz", "GET, HEAD" },
        { "/readyz", "GET, HEAD" },
        { "/metrics", "GET, HEAD" },
        { "/openapi/v1.json", "GET, HEAD" },
        { "/v1/streams", "GET, HEAD" },
        { "/v1/streams/methods", "DELETE, GET, HEAD, PUT" },
        { "/v1/streams/methods/start", "POST" },
        { "/v1/streams/methods/end", "POST" },
        { "/v1/streams/methods/interactions", "POST" },
        { "/v1/streams/methods/me", "GET, HEAD" },
        { "/v1/streams/methods/comments", "GET, HEAD" },
        { "/v1/streams/methods/timeline", "GET, HEAD" },
        { "/v1/streams/methods/log", "GET, HEAD" },
        { "/v1/streams/methods/bans", "GET, HEAD" },
        { "/v1/streams/methods/events", "GET, HEAD" },
        { "/v1/streams/methods/socket", "CONNECT, GET, HEAD" },
        { "/v1/ping", "POST" },
        { "/v1/dev/tokens", "POST" },
        { "/hubs/interactions", "CONNECT, DELETE, GET, POST" },
        { "/hubs/interactions/negotiate", "POST" },
    };

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task HEAD_is_answered_as_GET_without_a_body(string path)
    {
        var token = await LiveAsync();
        using var http = new HttpClient { BaseAddress = running.Process.Address };
        using var get = await http.SendAsync(Request(HttpMethod.Get, path, token), HttpCompletionOption.ResponseHeadersRead);
        using var head = await http.SendAsync(Request(HttpMethod.Head, path, token)).WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (get.StatusCode, head.StatusCode));
        Assert.Equal(Lines(get), Lines(head));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/v1/streams/nobody-made-this", 404)]
    [InlineData("/v1/streams/nobody-made-this/events", 404)]
    [InlineData("/v1/streams?limit=x", 400)]
    [InlineData("/v1/streams/methods/socket", 400)]
    [InlineData("/v1/streams/methods/log?follow=true", 200)]
    [InlineData("/nothing", 404)]
    public async Task HEAD_has_the_status_of_GET(string path, int status)
    {
        var token = await LiveAsync();
        using var connection = await RawConnection.OpenAsync(running.Process);
        await connection.SendAsync($"HEAD {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        var answers = await connection.ToEndAsync();
        Assert.StartsWith($"HTTP/1.1 {status} ", answers, StringComparison.Ordinal);

        // Right behind its head comes the next answer.
        Assert.StartsWith("HTTP/1.1 200 ", answers[(answers.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..], StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_method_that_is_not_taken_is_405_with_those_that_are(string path, string allowed)
    {
        var token = await LiveAsync();
        using var http = new HttpClient { BaseAddress = running.Process.Address };
        foreach (var method in (string[])["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "BREW"])
        {
            if (allowed.Split(", ").Contains(method)) continue;
            using var answer = await http.SendAsync(Request(new HttpMethod(method), path, token));
            Assert.True(answer.StatusCode == HttpStatusCode.MethodNotAllowed, $"{method} {path}: {answer.StatusCode}");
            Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow.Order(StringComparer.Ordinal)));
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            Assert.Contains("\"code\":\"method_not_allowed\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("BREW")]
    public async Task Where_nothing_is_every_method_is_404(string method)
    {
        foreach (var path in (string[])["nothing", "v1/nothing", "v1/streams/a/b/c", "js/", "js/nothing.js", "healthz/x"])
        {
            using var http = new HttpClient { BaseAddress = running.Process.Address };
            using var answer = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{method} {path}: {answer.StatusCode}");
            Assert.Contains("\"code\":\"not_found\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_preflight_is_answered_as_before()
    {
        await using var service = await ServiceProcess.StartAsync("--Cors:Origins", "https://page.example");
        using var http = new HttpClient { BaseAddress = service.Address };
        foreach (var path in (string[])["v1/streams/any", "v1/streams/any/interactions", "hubs/interactions/negotiate", "v1/ping"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Options, path);
            request.Headers.Add("Origin", "https://page.example");
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
            using var answer = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            Assert.Equal("https://page.example", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
            Assert.Contains("POST", string.Join(',', answer.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string token) => new(method, path) { Headers = { { "Authorization", "Bearer " + token } } };

    private static IEnumerable<string> Lines(HttpResponseMessage answer) => answer.Headers.Concat(answer.Content.Headers)
        .Where(header => !Moving.Contains(header.Key.ToLowerInvariant()))
        .Select(header => $"{header.Key.ToLowerInvariant()}: {string.Join(", ", header.Value)}")
        .Order(StringComparer.Ordinal);

    private async Task<string> LiveAsync()
    {
        using var owner = await Client.SignInAsync(running.Process, "methods-owner", "broadcaster");
        if ((await owner.GetAsync("streams/methods")).Status == 404) await owner.GoLiveAsync("methods");
        return owner.Token!;
    }
}
