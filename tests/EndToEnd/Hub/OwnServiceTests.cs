using System.Globalization;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Frontend.Admission;
using Interactions.Tests.Frontend.WebSocket;
using Xunit;

namespace Interactions.Tests.EndToEnd.Hub;

/// <summary>What of the hub needs a service of its own.</summary>
public sealed class OwnServiceTests
{
    private const string Stalled = "interactions_viewers_stalled";

    [Fact]
    public async Task A_viewer_that_stops_reading_is_stalled_and_later_gets_what_it_missed_in_one_frame()
    {
        await using var service = await StartAsync();
        using var owner = Client.WithToken(service, Token("broadcaster", 3600));
        await owner.GoLiveAsync("slow");
        using var slow = await HubClient.OpenAsync(service, receiveBytes: 4096);
        await slow.WatchAsync("1", "slow");
        Ledger ledger = new();
        ledger.Take(await slow.ItemAsync("1"), isSnapshot: true);
        await using var fast = new SocketViewer(service, "slow");
        await fast.Ledger.UntilAsync(seen => seen.Snapshots == 1, "the snapshot");

        var sent = await UntilStalledAsync(service, owner, fast.Ledger);
        var before = fast.Ledger.Frames;
        for (var i = 1; i <= 30; i++)
        {
            await owner.AcceptedAsync("slow", new { type = "reaction", kind = "like" });
            await fast.Ledger.UntilAsync(seen => seen.Total("like") == i, "each like at who keeps up");
        }

        var whileStalled = fast.Ledger.Frames - before;
        Assert.True(whileStalled >= 30, $"Only {whileStalled} frames.");
        List<JsonElement> withLikes = [];
        while (ledger.Total("like") < 30)
        {
            var frame = await slow.ItemAsync("1");
            if (frame.TryGetProperty("delta", out var delta) && delta.TryGetProperty("like", out _)) withLikes.Add(frame);
            ledger.Take(frame, isSnapshot: frame.GetProperty("t").GetString() == "snapshot");
        }

        Assert.Equal(30, Assert.Single(withLikes).GetProperty("delta").GetProperty("like").GetInt32());
        ledger.AssertBalanced();
        Assert.Equal(sent, ledger.CommentsInFrames);
        Assert.Equal(0, await GaugeAsync(service, Stalled));
    }

    [Fact]
    public async Task What_a_client_is_refused_is_told_to_the_client_alone()
    {
        await using var service = await StartAsync();
        using (var viewer = await HubClient.OpenAsync(service, Token("viewer", 3600)))
        {
            await viewer.WatchAsync("1", "nowhere");
            Assert.StartsWith("not_found: ", (await viewer.EndAsync("1")).GetProperty("error").GetString(), StringComparison.Ordinal);
            foreach (var (stream, error) in new[] { ("nowhere", "not_found: "), ("no where", "bad_request: ") })
            {
                await viewer.SendAsync(new { type = 1, invocationId = "2", target = "Send", arguments = new object[] { stream, Array.Empty<object>() } });
                Assert.StartsWith(error, (await viewer.EndAsync("2")).GetProperty("error").GetString(), StringComparison.Ordinal);
            }
        }

        Assert.Equal(0, await service.TerminateAsync());
        Assert.DoesNotContain("HubException", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_calls_and_never_reads_the_answers_is_not_listened_to_without_end()
    {
        await using var service = await StartAsync();
        using var caller = await HubClient.OpenAsync(service, receiveBytes: 4096);
        var call = new { type = 4, invocationId = "1", target = "Watch", arguments = new[] { "nowhere" } };
        var calls = ClientFrame.Text(string.Concat(Enumerable.Repeat(JsonSerializer.Serialize(call) + '\u001e', 500)));
        long sent = 0;
        try
        {
            for (; sent < 48 << 20; sent += calls.Length) await caller.Wire.SendAsync(calls).WaitAsync(TimeSpan.FromSeconds(3));
        }
        catch (TimeoutException)
        {
            // What the systems on both ends hold is full.
        }

        Assert.InRange(sent, 0, 24 << 20);
    }

    [Fact]
    public async Task At_the_end_of_its_token_a_viewer_gets_an_error_and_keeps_the_connection()
    {
        await using var service = await StartAsync();
        using var owner = Client.WithToken(service, Token("broadcaster", 3600));
        await owner.GoLiveAsync("ends");
        using var viewer = await HubClient.OpenAsync(service, Token("viewer", 3));
        await viewer.WatchAsync("1", "ends");
        Assert.StartsWith("unauthorized: ", (await viewer.EndAsync("1")).GetProperty("error").GetString(), StringComparison.Ordinal);
        await viewer.SendAsync(new { type = 1, invocationId = "2", target = "Ping", arguments = Array.Empty<object>() });
        Assert.StartsWith("unauthorized: ", (await viewer.EndAsync("2")).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_that_reads_nothing_is_let_go_when_its_token_ends()
    {
        await using var service = await StartAsync();
        using var owner = Client.WithToken(service, Token("broadcaster", 3600));
        await owner.GoLiveAsync("slow");
        using var slow = await HubClient.OpenAsync(service, Token("viewer", 20), receiveBytes: 4096);
        await slow.WatchAsync("1", "slow");
        await slow.ItemAsync("1");
        await using var fast = new SocketViewer(service, "slow");
        await UntilStalledAsync(service, owner, fast.Ledger);
        Assert.Equal(1, await GaugeAsync(service, "interactions_connections{transport=\"signalr\"}"));

        await fast.Ledger.UntilAsync(seen => seen.Viewers == 2, "both viewers");
        for (var tries = 0; await GaugeAsync(service, "interactions_connections{transport=\"signalr\"}") > 0; tries++)
        {
            Assert.True(tries < 1000, "It is still there.");
            await Task.Delay(50);
        }

        Assert.Equal(0, await GaugeAsync(service, Stalled));

        // What was on the way ends with the reason where there was room for it, else in the middle.
        try
        {
            Assert.StartsWith("unauthorized: ", (await slow.EndAsync("1")).GetProperty("error").GetString(), StringComparison.Ordinal);
        }
        catch (IOException)
        {
        }
    }

    [Fact]
    public async Task A_service_that_stops_says_bye_ends_the_answer_and_closes()
    {
        await using var service = await ServiceProcess.StartAsync();
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        await owner.GoLiveAsync("stops");
        using var viewer = await HubClient.OpenAsync(service);
        await viewer.WatchAsync("1", "stops");
        await viewer.ItemAsync("1");
        var stopping = service.TerminateAsync();
        JsonElement item;
        do item = await viewer.ItemAsync("1");
        while (item.GetProperty("t").GetString() != "bye");
        Assert.False((await viewer.EndAsync("1")).TryGetProperty("error", out _));
        while (await viewer.NextAsync() is { } last) Assert.Equal(7, HubClient.Kind(last));
        viewer.Dispose();
        Assert.Equal(0, await stopping);
    }

    private static string Token(string role, int seconds) =>
        TokenMaker.Hmac($$"""{"sub":"{{role}}","role":"{{role}}","exp":{{DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds()}}}""");

    private static Task<ServiceProcess> StartAsync() =>
        ServiceProcess.StartAsync("--Auth:Dev", "false", "--Auth:Key", TokenMaker.Key, "--Limits:InteractionsPerSecondPerUser", "100000");

    /// <summary>Sends comments until they have filled what the systems on both ends hold.</summary>
    /// <returns>How many.</returns>
    private static async Task<int> UntilStalledAsync(ServiceProcess service, Client owner, Ledger fast)
    {
        var sent = 0;
        while (await GaugeAsync(service, Stalled) == 0)
        {
            var last = "";
            for (var i = 0; i < 10; i++, sent++) last = await owner.AcceptedAsync("slow", new { type = "comment", text = new string('x', 500) });
            await fast.UntilAsync(seen => seen.HasComment(last), "the comment at who keeps up");
            Assert.True(sent < 4_000, "It never stalled.");
        }

        return sent;
    }

    private static async Task<int> GaugeAsync(ServiceProcess service, string name)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(service.Address, "metrics"));
        var line = text.Split('\n').First(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
