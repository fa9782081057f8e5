using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Interactions.Tests.EndToEnd.BadInput;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Observability;

[Collection(EndToEndCollection.Name)]
public sealed partial class LogTests
{
    private const string Comment = "a-comment-that-is-nobodys-business";

    [Fact]
    public async Task No_token_and_no_comment_reaches_the_logs_whatever_is_sent()
    {
        // The most talkative setting that an operator might choose.
        await using var service = await ServiceProcess.StartAsync(
            "--Auth:Key", Cast.Key, "--Logging:LogLevel:Default", "Trace", "--Logging:LogLevel:Microsoft.AspNetCore", "Debug",
            "--Logging:Console:LogLevel:Microsoft.AspNetCore", "Debug");
        var cast = await Cast.GatherAsync(service);
        using var owner = Client.WithToken(service, cast.Owner);
        await owner.AcceptedAsync(Cast.Stream, new { type = "comment", text = Comment });
        await owner.CallAsync(HttpMethod.Post, $"streams/{Cast.Stream}/interactions", $$"""{"type":"comment","text":"{{Comment}}" """);
        await owner.CallAsync(HttpMethod.Post, $"streams/{Cast.Stream}/interactions", $$"""[{"type":"{{Comment}}"}]""");

        var secrets = new List<string> { cast.Owner, cast.Viewer, Cast.Key, Comment };
        var random = new Random(7);
        using var http = new HttpClient();
        for (var i = 0; i < 60; i++)
        {
            var token = BadTokens.Pick(random);
            if (token.Length >= 20) secrets.Add(token);
            using var read = await http.GetAsync(new Uri(service.Address, $"v1/streams?access_token={Uri.EscapeDataString(token)}"));
            using var events = await http.GetAsync(new Uri(service.Address, $"v1/streams/{Cast.Stream}/events?access_token={Uri.EscapeDataString(token)}"));
            using var hub = await http.PostAsync(new Uri(service.Address, $"hubs/interactions/negotiate?access_token={Uri.EscapeDataString(token)}"), null);
            Assert.Equal(401, (int)read.StatusCode);
            await SpeakAsync(service, token, "{}");
        }

        await SpeakAsync(service, cast.Viewer, $$"""{"t":"send","items":[{"type":"comment","text":"{{Comment}}"}]}""");
        await SpeakAsync(service, cast.Viewer, $$"""{"t":"send","items":[{"type":"comment","text":"{{Comment}}" """);
        await SpeakAsync(service, cast.Viewer, $$"""{"t":"token","token":"{{secrets[^1]}}"}""");
        await SpeakAsync(service, cast.Viewer, "{" + Comment);
        await service.TerminateAsync();

        Assert.All(secrets, secret => Assert.DoesNotContain(secret, service.Output, StringComparison.Ordinal));
        Assert.DoesNotMatch(AnyJwt(), service.Output);
        Assert.Contains("was refused: unauthorized", service.Output, StringComparison.Ordinal);
        Assert.Contains("was closed: bad_message", service.Output, StringComparison.Ordinal);

        Assert.DoesNotContain(" 0 lines like the next were left out", service.Output, StringComparison.Ordinal);

        // 120 viewers were refused at once.
        Assert.InRange(service.Output.Split("was refused").Length - 1, 1, 60);
    }

    [Fact]
    public async Task The_console_speaks_JSON_when_told_to()
    {
        await using var service = await ServiceProcess.StartAsync("--Logging:Console:FormatterName", "json", "--Log:Kind", "Memory");
        await SpeakAsync(service, "not-a-token", "{}");
        await service.TerminateAsync();
        var lines = service.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var events = lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.Contains(events, one => one.GetProperty("State").TryGetProperty("Url", out _));
        var refused = Assert.Single(events, one => one.GetProperty("State").TryGetProperty("Code", out _));
        Assert.Equal("unauthorized", refused.GetProperty("State").GetProperty("Code").GetString());
        Assert.Equal("websocket", refused.GetProperty("State").GetProperty("Transport").GetString());
        Assert.EndsWith("Z", refused.GetProperty("Timestamp").GetString(), StringComparison.Ordinal);
    }

    // Connects, says one thing, and reads until the server closes or has answered.
    private static async Task SpeakAsync(ServiceProcess service, string token, string message)
    {
        using var socket = new ClientWebSocket();
        using var limit = new CancellationTokenSource(Busy.Patience);
        try
        {
            await socket.ConnectAsync(SocketAddress.Of(service, Cast.Stream, token), limit.Token);
            await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, limit.Token);
            var buffer = new byte[1 << 16];
            while (await SocketAddress.ReceiveTextAsync(socket, buffer, limit.Token) is { } text)
            {
                if (text.Contains("\"ack\"", StringComparison.Ordinal)) return;
            }
        }
        catch (WebSocketException)
        {
            // Closed before it was heard.
        }
    }

    [GeneratedRegex(@"eyJ[A-Za-z0-9_-]{10,}\.")]
    private static partial Regex AnyJwt();
}
