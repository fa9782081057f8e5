using System.Net.WebSockets;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Listener;

public sealed class LimitTests
{
    private const string Events = "GET /v1/streams/shown/events HTTP/1.1\r\nHost: localhost\r\n";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_user_above_the_cap_is_429_with_a_time_to_come_back_at_and_4429_on_a_WebSocket(bool warm)
    {
        await using var service = await StartAsync("--Limits:ConnectionsPerUser", "1");
        using var viewer = await Client.SignInAsync(service, "viewer");
        using var other = await Client.SignInAsync(service, "other");
        using var one = await AskAsync(service, warm, viewer.Token);
        Assert.Equal(200, (await one.AnswerAsync()).Status);
        using var two = await AskAsync(service, warm, viewer.Token);
        var refused = await two.AnswerAsync();
        Assert.Equal((429, true), (refused.Status, refused.Body.Contains("\"too_many_connections\"", StringComparison.Ordinal)));
        Assert.InRange(refused.RetryAfter, 1, 6);
        using var someoneElse = await AskAsync(service, warm, other.Token);
        Assert.Equal(200, (await someoneElse.AnswerAsync()).Status);

        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(SocketAddress.Of(service, "shown", viewer.Token), CancellationToken.None);
        Assert.Null(await SocketAddress.ReceiveTextAsync(socket, new byte[1 << 16], CancellationToken.None));
        Assert.Equal(4429, (int)socket.CloseStatus!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Above_the_connect_budget_it_is_503_with_a_jittered_time_to_come_back_at(bool warm)
    {
        await using var service = await StartAsync("--Limits:ConnectsPerSecond", "1");
        List<int> waits = [];
        for (var i = 0; i < 20; i++)
        {
            using var connection = await AskAsync(service, warm, null);
            var answer = await connection.AnswerAsync();
            if (answer.Status == 200) continue;
            Assert.Equal(503, answer.Status);
            waits.Add(answer.RetryAfter);
        }

        Assert.True(waits.Count > 10, $"Only {waits.Count} of 20 were refused.");
        Assert.True(waits.Distinct().Count() > 1, "All were told the same time.");
    }

    private static async Task<ServiceProcess> StartAsync(params string[] settings)
    {
        var service = await ServiceProcess.StartAsync(settings);
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        await owner.GoLiveAsync("shown");
        return service;
    }

    private static async Task<RawConnection> AskAsync(ServiceProcess service, bool warm, string? token)
    {
        var connection = await RawConnection.OpenAsync(service);
        if (warm)
        {
            await connection.SendAsync("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await connection.AnswerAsync();
        }

        await connection.SendAsync(Events + (token is null ? "" : $"Authorization: Bearer {token}\r\n") + "\r\n");
        return connection;
    }
}
