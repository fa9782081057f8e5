using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>A WebSocket through Kestrel.</summary>
public sealed class PlainSocketTests(PlainLoopback loopback) : ConnectionSocketTests(loopback), IClassFixture<PlainLoopback>
{
    [Fact]
    public async Task One_that_broke_the_rules_is_read_from_until_it_is_quiet()
    {
        var (client, _) = await Loopback.OpenAsync(cursor => new Echo(cursor));
        using var _ = client;
        await client.SendAsync(ClientFrame.Make(3, []));
        Assert.Equal("close 1002", await client.NextAsync());
        var started = TimeProvider.System.GetTimestamp();
        Assert.Null(await client.NextAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.4, 3);
    }

    private protected override Task IsCutAsync(RawClient client) => Assert.ThrowsAnyAsync<IOException>(client.NextAsync);
}
