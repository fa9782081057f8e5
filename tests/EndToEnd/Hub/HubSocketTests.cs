using Interactions.Tests.EndToEnd.Harness;
using Interactions.Tests.Frontend.WebSocket;
using Xunit;

namespace Interactions.Tests.EndToEnd.Hub;

/// <summary>The WebSocket under the hub's protocol.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class HubSocketTests(RunningService running)
{
    [Fact]
    public async Task A_ping_is_answered_and_a_close_returned()
    {
        using var viewer = await HubClient.OpenAsync(running.Process);
        await viewer.Wire.SendAsync(ClientFrame.Ping("there?"));
        Assert.Equal("pong there?", await viewer.Wire.NextAsync());
        await viewer.Wire.SendAsync(ClientFrame.Close(1000));
        Assert.StartsWith("text {\"type\":7", await viewer.Wire.NextAsync(), StringComparison.Ordinal);
        Assert.Equal("close 1000", await viewer.Wire.NextAsync());
        Assert.Null(await viewer.Wire.NextAsync());
    }

    [Fact]
    public async Task What_is_sent_along_with_the_upgrade_is_heard_and_answered_behind_it()
    {
        byte[] along = [.. HubClient.Frame(new { protocol = "json", version = 1 }), .. HubClient.Frame(new { type = 1, invocationId = "1", target = "Ping", arguments = Array.Empty<object>() })];
        for (var tries = 0; tries < 20; tries++)
        {
            using var viewer = await HubClient.OpenAsync(running.Process, along: along);
            Assert.True((await viewer.EndAsync("1")).TryGetProperty("result", out _));
        }
    }

    [Fact]
    public async Task A_record_may_come_in_parts_and_a_message_may_have_several()
    {
        using var viewer = await HubClient.OpenAsync(running.Process);
        var ping = "{\"type\":1,\"invocationId\":\"N\",\"target\":\"Ping\",\"arguments\":[]}\u001e";
        await viewer.Wire.SendAsync([.. ClientFrame.Text(ping[..9], final: false), .. ClientFrame.More(ping[9..], final: true)]);
        await viewer.EndAsync("N");
        await viewer.Wire.SendAsync(ClientFrame.Text(ping[..9]));
        await viewer.Wire.SendAsync(ClientFrame.Text(ping[9..] + ping.Replace('N', 'M')), chop: 7);
        await viewer.EndAsync("N");
        await viewer.EndAsync("M");
    }

    [Theory]
    [InlineData(65_000, false)]
    [InlineData(70_000, true)]
    public async Task A_message_larger_than_a_body_may_be_closes_the_hub_with_an_error(int bytes, bool isTooLarge)
    {
        using var viewer = await HubClient.OpenAsync(running.Process);
        await viewer.SendAsync(new { type = 1, invocationId = "1", target = "Send", arguments = new[] { "nowhere", new string('x', bytes) } });
        var answer = (await viewer.NextAsync())!.Value;
        Assert.Equal(isTooLarge ? 7 : 3, HubClient.Kind(answer));
        Assert.True(answer.TryGetProperty("error", out _));
        if (isTooLarge) Assert.Equal("close 4400", await viewer.Wire.NextAsync());
    }

    [Fact]
    public async Task What_is_not_the_hubs_protocol_closes_it_with_an_error()
    {
        using var viewer = await HubClient.OpenAsync(running.Process);
        await viewer.Wire.SendAsync(ClientFrame.Text("nonsense\u001e"));
        Assert.Equal(7, HubClient.Kind((await viewer.NextAsync())!.Value));
        Assert.Equal("close 1000", await viewer.Wire.NextAsync());
    }
}
