using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>A WebSocket straight on its connection.</summary>
public sealed class LiveSocketTests(LiveLoopback loopback) : ConnectionSocketTests(loopback), IClassFixture<LiveLoopback>
{
    private protected override Task IsCutAsync(RawClient client) => Assert.ThrowsAnyAsync<IOException>(client.NextAsync);
}
