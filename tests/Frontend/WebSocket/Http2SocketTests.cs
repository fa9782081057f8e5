using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>A WebSocket on a stream of HTTP/2.</summary>
public sealed class Http2SocketTests(Http2Loopback loopback) : SocketTests(loopback), IClassFixture<Http2Loopback>
{
    private protected override Task IsCutAsync(RawClient client) => Assert.ThrowsAnyAsync<IOException>(client.NextAsync);

    // The stream may have been reset by then.
    private protected override Task SentAsync(Task sending) => sending.ContinueWith(_ => { }, TaskScheduler.Default);
}
