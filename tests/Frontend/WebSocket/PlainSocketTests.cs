using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>A WebSocket through Kestrel.</summary>
public sealed class PlainSocketTests(PlainLoopback loopback) : ConnectionSocketTests(loopback), IClassFixture<PlainLoopback>
{
    private protected override Task IsCutAsync(RawClient client) => Assert.ThrowsAnyAsync<IOException>(client.NextAsync);
}
