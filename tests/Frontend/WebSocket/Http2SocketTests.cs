using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>A WebSocket on a stream of HTTP/2.</summary>
public sealed class Http2SocketTests(Http2Loopback loopback) : SocketTests(loopback), IClassFixture<Http2Loopback>
{
    private protected override Task IsCutAsync(RawClient client) => Assert.ThrowsAnyAsync<IOException>(client.NextAsync);

    // What the client still sends to a stream that has ended waits until it is told to stop.
    private protected override Task SentAsync(Task sending)
    {
        _ = sending.ContinueWith(static late => late.Exception, TaskScheduler.Default);
        return Task.CompletedTask;
    }
}
