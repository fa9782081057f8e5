using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>A WebSocket through Kestrel with TLS.</summary>
public sealed class TlsSocketTests(TlsLoopback loopback) : ConnectionSocketTests(loopback), IClassFixture<TlsLoopback>
{
    private protected override Task IsCutAsync(RawClient client) => Assert.ThrowsAnyAsync<IOException>(client.NextAsync);
}
