using System.Globalization;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Observability;

[Collection(EndToEndCollection.Name)]
public sealed class PingTests(RunningService running)
{
    [Fact]
    public async Task A_ping_on_a_WebSocket_reports_latencies_and_is_answered_with_the_time()
    {
        using var owner = await Client.SignInAsync(running.Process, "pinger", "broadcaster");
        await owner.GoLiveAsync("pings");
        await using var viewer = new SocketViewer(running.Process, "pings", owner.Token);
        await viewer.Ledger.UntilAsync(ledger => ledger.Position is not null, "a snapshot");

        var before = await Scrape.OfAsync(running.Process);
        await viewer.SendAsync(new { t = "ping" });
        IsNow(await viewer.NextAsync());
        await viewer.SendAsync(new { t = "ping", latencyMs = new[] { 12.5, 31, -4, 60_001, 60_000 } });
        IsNow(await viewer.NextAsync());
        Assert.Equal(3, Reports(await Scrape.OfAsync(running.Process), "websocket") - Reports(before, "websocket"));
    }

    [Theory]
    [InlineData("""{"t":"ping","latencyMs":7}""")]
    [InlineData("""{"t":"ping","latencyMs":["7"]}""")]
    [InlineData("""{"t":"ping","latencyMs":[7,null]}""")]
    [InlineData("""{"t":"ping","latencyMs":{"a":7}}""")]
    [InlineData("""{"t":"ping","latencyMs":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]}""")]
    public async Task A_ping_of_wrong_shape_is_answered_with_an_error_and_reports_nothing(string message)
    {
        using var owner = await Client.SignInAsync(running.Process, "pinger", "broadcaster");
        await owner.CallAsync(HttpMethod.Put, "streams/wrong-pings", "{}");
        await using var viewer = new SocketViewer(running.Process, "wrong-pings", owner.Token);
        await viewer.Ledger.UntilAsync(ledger => ledger.Position is not null, "a snapshot");
        var before = await Scrape.OfAsync(running.Process);
        await viewer.SendAsync(JsonSerializer.Deserialize<JsonElement>(message));
        var answer = await viewer.NextAsync();
        Assert.Equal("error", answer.GetProperty("t").GetString());
        Assert.Equal("bad_request", answer.GetProperty("code").GetString());
        Assert.Equal(Reports(before, "websocket"), Reports(await Scrape.OfAsync(running.Process), "websocket"));
    }

    [Fact]
    public async Task A_ping_over_HTTP_reports_for_its_transport()
    {
        using var viewer = await Client.SignInAsync(running.Process, "http-pinger");
        var before = await Scrape.OfAsync(running.Process);
        var answer = await viewer.CallAsync(HttpMethod.Post, "ping", """{"transport":"sse","latencyMs":[12.5,31]}""");
        Assert.InRange(answer.Expect(200).GetProperty("at").GetInt64(), NowMs - 20_000, NowMs + 20_000);
        var after = await Scrape.OfAsync(running.Process);
        Assert.Equal(2, Reports(after, "sse") - Reports(before, "sse"));
        Assert.Equal(1, after.Value("""interactions_delivery_latency_seconds_bucket{transport="sse",le="0.015"}""") - before.Value("""interactions_delivery_latency_seconds_bucket{transport="sse",le="0.015"}"""));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("""{"transport":"pigeon"}""")]
    [InlineData("""{"transport":"sse","latencyMs":"7"}""")]
    [InlineData("""{"transport":"\ud800"}""")]
    [InlineData("""{"transport":"sse" """)]
    public async Task A_ping_over_HTTP_of_wrong_shape_is_refused(string body)
    {
        using var viewer = await Client.SignInAsync(running.Process, "wrong" + Guid.NewGuid().ToString("N"));
        Assert.Equal("bad_request", (await viewer.CallAsync(HttpMethod.Post, "ping", body)).Problem(400));
    }

    [Fact]
    public async Task Pings_over_HTTP_are_limited()
    {
        using var viewer = await Client.SignInAsync(running.Process, "eager");
        var statuses = new List<int>();
        for (var i = 0; i < 40; i++) statuses.Add((await viewer.CallAsync(HttpMethod.Post, "ping", """{"transport":"sse"}""")).Status);
        Assert.Equal(200, statuses[0]);
        Assert.Contains(429, statuses);
        Assert.All(statuses, status => Assert.True(status is 200 or 429, $"{status}"));
    }

    [Fact]
    public async Task Whoever_may_not_watch_may_not_ping()
    {
        await using var closed = await ServiceProcess.StartAsync("--Auth:Anonymous", "none", "--Log:Kind", "Memory");
        using var nobody = Client.Anonymous(closed);
        Assert.Equal("unauthorized", (await nobody.CallAsync(HttpMethod.Post, "ping", """{"transport":"sse"}""")).Problem(401));
        using var open = Client.Anonymous(running.Process);
        (await open.CallAsync(HttpMethod.Post, "ping", """{"transport":"sse"}""")).Expect(200);
    }

    private static long NowMs => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private static void IsNow(JsonElement pong)
    {
        Assert.Equal("pong", pong.GetProperty("t").GetString());
        Assert.InRange(pong.GetProperty("at").GetInt64(), NowMs - 20_000, NowMs + 20_000);
    }

    private static double Reports(Scrape scrape, string transport) =>
        scrape.Value(string.Create(CultureInfo.InvariantCulture, $"interactions_delivery_latency_seconds_count{{transport=\"{transport}\"}}"));
}
