using System.Net.WebSockets;
using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.EndToEnd.Observability;
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

    [Fact]
    public async Task At_the_limit_of_open_files_new_connections_fail_and_those_that_are_there_go_on()
    {
        await using var service = await ServiceProcess.StartAsync([], new Dictionary<string, string>(), openFiles: 500);
        using var owner = await Client.SignInAsync(service, "owner", "broadcaster");
        await owner.GoLiveAsync("shown");
        using var watcher = await AskAsync(service, warm: false, null);
        await watcher.UntilAsync("event: snapshot\n");
        List<RawConnection> crowd = [];
        for (var i = 0; i < 600; i++) crowd.Add(await RawConnection.OpenAsync(service));
        await Task.WhenAll(crowd.Select(one => Record.ExceptionAsync(() => one.SendAsync(Events + "\r\n")).AsTask()));
        var answer = "";
        await Record.ExceptionAsync(async () => answer = await crowd[^1].ToEndAsync());
        Assert.Equal("", answer);
        await Eventually.TrueAsync(() => Task.FromResult(service.Output.Contains("The limit of 500 open files is reached", StringComparison.Ordinal)), "a line that says why");
        Assert.Single(service.Output.Split('\n'), line => line.Contains("ulimit -n", StringComparison.Ordinal));

        await owner.AcceptedAsync("shown", new { type = "comment", text = "still here" });
        await watcher.UntilAsync("still here");
        foreach (var one in crowd) one.Dispose();
        await Eventually.TrueAsync(
            async () => await Record.ExceptionAsync(async () =>
            {
                using var late = await AskAsync(service, warm: false, null);
                Assert.Equal(200, (await late.AnswerAsync()).Status);
            }) is null,
            "room for one more");
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
