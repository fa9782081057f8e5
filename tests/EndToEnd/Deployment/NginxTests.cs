using Interactions.Tests.EndToEnd.Harness;
using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Interactions.Tests.EndToEnd.Deployment;

/// <summary>What <c>deploy/nginx.conf</c> promises to clients, whatever the frontends behind it do.</summary>
public sealed class NginxTests
{
    private const string NotNow = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Type: application/problem+json\r\nContent-Length: 22\r\nConnection: close\r\n\r\n{\"code\":\"unavailable\"}";
    private const string Fine = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Accel-Buffering: no\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

    [Fact]
    public async Task The_frontend_is_told_the_clients_address_and_not_what_the_client_claims()
    {
        await using var stub = new StubFrontend(Fine);
        await using var nginx = await NginxFront.StartAsync(stub.Port);
        using var http = nginx.Http(HttpVersion.Version20, from: IPAddress.Parse("127.0.0.9"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/streams") { Version = HttpVersion.Version20 };
        request.Headers.Add("X-Forwarded-For", "6.6.6.6");

        using var answer = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var lines = Assert.Single(stub.Asked).Split("\r\n");
        Assert.Equal("X-Forwarded-For: 127.0.0.9", Assert.Single(lines, line => line.StartsWith("X-Forwarded-For:", StringComparison.OrdinalIgnoreCase)));
        Assert.Contains("X-Forwarded-Proto: https", lines);

        // And a proxy further out is told what the frontend told this one.
        Assert.Equal("no", Assert.Single(answer.Headers.GetValues("X-Accel-Buffering")));
        Assert.Contains($"Host: {nginx.Address.Authority}", lines);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task What_a_frontend_says_leaves_at_once_whether_or_not_it_forbids_buffering(string version)
    {
        await using var stub = new StubFrontend("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: frame\n\n", isEndless: true);
        await using var nginx = await NginxFront.StartAsync(stub.Port);
        using var http = nginx.Http(Version.Parse(version));
        using var late = new CancellationTokenSource(Busy.Patience);

        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/streams/match/events") { Version = Version.Parse(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, late.Token);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(late.Token));

        Assert.Equal("event: frame", await reader.ReadLineAsync(late.Token));
    }

    [Fact]
    public async Task A_503_goes_to_the_client_with_its_Retry_After_once_two_frontends_said_so()
    {
        await using var one = new StubFrontend(NotNow);
        await using var other = new StubFrontend(NotNow);
        await using var nginx = await NginxFront.StartAsync(one.Port, other.Port);
        using var http = nginx.Http(HttpVersion.Version11);

        using var answer = await http.GetAsync(new Uri("v1/streams/match/events", UriKind.Relative));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter?.Delta);
        Assert.Equal("{\"code\":\"unavailable\"}", await answer.Content.ReadAsStringAsync());
        Assert.Equal((1, 1), (one.Asked.Count, other.Asked.Count));
    }

    [Fact]
    public async Task A_viewer_whom_a_draining_frontend_turns_away_is_taken_by_another()
    {
        await using var draining = new StubFrontend(NotNow);
        await using var other = new StubFrontend(Fine);
        await using var nginx = await NginxFront.StartAsync(draining.Port, other.Port);
        using var http = nginx.Http(HttpVersion.Version11);

        for (var i = 0; i < 4; i++)
        {
            using var answer = await http.GetAsync(new Uri("v1/streams/match/events", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        // And is then left alone for a while.
        Assert.InRange(draining.Asked.Count, 0, 2);
    }

    [Fact]
    public async Task A_post_that_was_sent_is_never_sent_to_another_and_its_sender_hears_that_the_outcome_is_unknown()
    {
        await using var one = new StubFrontend(answer: null);
        await using var other = new StubFrontend(answer: null);
        await using var nginx = await NginxFront.StartAsync(one.Port, other.Port);
        using var http = nginx.Http(HttpVersion.Version20);
        using var body = new StringContent("[]", Encoding.UTF8, "application/json");

        using var answer = await http.PostAsync(new Uri("v1/streams/match/interactions", UriKind.Relative), body);

        Assert.Equal(1, one.Asked.Count + other.Asked.Count);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        Assert.Equal("unavailable", JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Without_a_frontend_clients_are_answered_in_the_APIs_form_and_no_token_is_logged()
    {
        await using var nginx = await NginxFront.StartAsync(1); // nobody listens there
        using var http = nginx.Http(HttpVersion.Version20);

        using var answer = await http.GetAsync(new Uri("v1/streams/match/events?access_token=verysecret", UriKind.Relative));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("verysecret", nginx.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_requests_are_sent_on_to_TLS_and_the_metrics_are_nobodys_business()
    {
        await using var stub = new StubFrontend(Fine);
        await using var nginx = await NginxFront.StartAsync(stub.Port);
        using var plain = new HttpClient(nginx.Handler());
        using var http = nginx.Http(HttpVersion.Version20);

        using var moved = await plain.GetAsync(new Uri(nginx.PlainAddress, "v1/streams?limit=1"));
        using var metrics = await http.GetAsync(new Uri("metrics", UriKind.Relative));

        Assert.Equal(HttpStatusCode.PermanentRedirect, moved.StatusCode);
        Assert.Equal("https://localhost/v1/streams?limit=1", moved.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.NotFound, metrics.StatusCode);
        Assert.Empty(stub.Asked);
    }
}
