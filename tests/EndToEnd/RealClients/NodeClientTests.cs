using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.RealClients;

/// <summary>Clients that others wrote, each through a scenario of its own in tests/EndToEnd/clients.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class NodeClientTests(RunningService running, SharedChromium chromium)
{
    [Theory]
    [InlineData("ws")]
    [InlineData("eventsource")]
    [InlineData("signalr", "WebSockets")]
    [InlineData("signalr", "ServerSentEvents")]
    [InlineData("signalr", "LongPolling")]
    public async Task A_client_from_npm_watches_sends_and_resumes(string client, string transport = "")
    {
        var stream = $"npm-{client}{transport}";
        using var owner = await Client.SignInAsync(running.Process, stream, "broadcaster");
        await owner.GoLiveAsync(stream);

        await Command.NodeAsync(client + ".mjs", $"--base={running.Process.Address}", $"--stream={stream}", $"--token={owner.Token}", $"--transport={transport}");
    }

    [Fact]
    public async Task Chromiums_own_EventSource_and_WebSocket_watch_and_send()
    {
        using var owner = await Client.SignInAsync(running.Process, "chromium", "broadcaster");
        await owner.GoLiveAsync("chromium");

        await Command.NodeAsync(
            "browser.mjs", "--scenario=native", $"--base={running.Process.Address}", "--stream=chromium", $"--token={owner.Token}",
            $"--browser={await chromium.AddressAsync()}");
    }
}
