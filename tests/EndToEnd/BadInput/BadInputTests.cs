using System.Net.WebSockets;
using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.BadInput;

[Collection(EndToEndCollection.Name)]
public sealed class BadInputTests
{
    private const int Requests = 700;
    private const int Messages = 300;

    // What a second thousand may add to the memory that the first left behind.
    private const long FlatWithinBytes = 32 << 20;

    [Fact]
    public async Task A_thousand_malformed_inputs_get_the_documented_error_and_cost_no_memory()
    {
        await using var service = await ServiceProcess.StartAsync("--Auth:Key", Cast.Key, "--Limits:InteractionsPerSecondPerUser", "100000");
        var cast = await Cast.GatherAsync(service);

        await SendAllAsync(service, cast, seed: 1);
        var warm = service.ResidentBytes;
        await SendAllAsync(service, cast, seed: 2);

        Assert.True(service.IsRunning, service.Output);
        Assert.True(service.ResidentBytes - warm < FlatWithinBytes, $"{warm >> 20} MB after the first thousand, {service.ResidentBytes >> 20} MB after the second.");
        using var owner = Client.WithToken(service, cast.Owner);
        var snapshot = await owner.SnapshotAsync(Cast.Stream);
        Assert.Equal("live", snapshot.GetProperty("status").GetString());
        Assert.Equal(0, snapshot.GetProperty("totals").TryGetProperty("like", out var likes) ? likes.GetInt64() : 0);
        Assert.Empty(snapshot.GetProperty("comments").EnumerateArray());
        await owner.AcceptedAsync(Cast.Stream, new { type = "comment", text = "still here" });
    }

    private static async Task SendAllAsync(ServiceProcess service, Cast cast, int seed)
    {
        var random = new Random(seed);
        var faults = new List<string>();
        using var client = Client.Anonymous(service);
        for (var i = 0; i < Requests; i++)
        {
            var request = BadRequest.Next(random, cast);
            using var message = request.ToMessage(service.Address);
            var answer = await client.CallAsync(message);
            if (Fault(request, answer) is { } fault) faults.Add($"Request {i}, {request}\n  {fault}, answered {answer.Status} {answer.MediaType}: {answer.Text}");
        }

        Assert.True(faults.Count == 0, $"{faults.Count} faults:\n{string.Join('\n', faults.Take(20))}");

        ClientWebSocket? socket = null;
        for (var i = 0; i < Messages; i++)
        {
            socket ??= await ConnectAsync(service, cast.Viewer);
            var message = BadMessage.Next(random);
            if (await IsStillOpenAfterAsync(socket, i, message)) continue;
            socket.Dispose();
            socket = null;
        }

        socket?.Dispose();
    }

    /// <summary>What is wrong with the answer; null = nothing.</summary>
    private static string? Fault(BadRequest request, Answer answer)
    {
        if (answer.Status != request.Status) return $"{request.Status} expected";
        if (request.Status == 200)
            return answer.Json.GetProperty("results")[0].GetProperty("code").GetString() == request.Code ? null : $"{request.Code} expected";
        if (answer.MediaType != "application/problem+json") return "problem details expected";
        return answer.Json.GetProperty("code").GetString() == request.Code ? null : $"{request.Code} expected";
    }

    private static async Task<ClientWebSocket> ConnectAsync(ServiceProcess service, string token)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("interactions.v1.json");
        await socket.ConnectAsync(SocketAddress.Of(service, Cast.Stream, token), CancellationToken.None);
        return socket;
    }

    /// <summary>Sends it and checks the answer; false when the server closed the socket, as it had to.</summary>
    private static async Task<bool> IsStillOpenAfterAsync(ClientWebSocket socket, int number, BadMessage message)
    {
        using var limit = new CancellationTokenSource(Busy.Patience);
        var buffer = new byte[1 << 20];
        try
        {
            await socket.SendAsync(message.Bytes, message.Type, endOfMessage: true, limit.Token);
            while (await SocketAddress.ReceiveTextAsync(socket, buffer, limit.Token) is { } text)
            {
                var answer = JsonSerializer.Deserialize<JsonElement>(text);
                var kind = answer.GetProperty("t").GetString();
                if (kind is "snapshot" or "frame" or "bye") continue;
                // An error may say why, before the close.
                if (kind == "error" && message.CloseCodes.Length > 0) continue;
                Assert.True(message.CloseCodes.Length == 0, $"Message {number}, {message}\nto be closed on, answered {text}");
                if (message.RejectedWith is { } code)
                {
                    Assert.Equal("ack", kind);
                    Assert.Equal(code, answer.GetProperty("results")[0].GetProperty("code").GetString());
                }
                else
                {
                    Assert.True(kind == "error", $"Message {number}, {message}\nanswered {text}");
                    Assert.NotEmpty(answer.GetProperty("code").GetString()!);
                    Assert.NotEmpty(answer.GetProperty("detail").GetString()!);
                }

                return true;
            }
        }
        catch (WebSocketException cut)
        {
            Assert.Fail($"Cut off without a close code: {cut.Message} Message {number}, {message}");
            return false;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"No answer within 20 s. Message {number}, {message}");
        }

        var closed = (int)socket.CloseStatus!;
        Assert.True(message.CloseCodes.Contains(closed), $"Message {number}, {message}\nclosed with {closed} {socket.CloseStatusDescription}");
        return false;
    }
}
