using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Listener;

/// <summary>The service ends a connection while its client is still sending.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class OurEndTests(RunningService running)
{
    [Theory]
    [InlineData("POST /v1/dev/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400)] // Kestrel's own answer
    [InlineData("POST /v1/nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 10\r\n\r\n0123456789", 404)]
    [InlineData("GET /v1/streams/nowhere/events HTTP/1.1\r\nHost: localhost\r\n\r\n", 404)] // without Kestrel
    [InlineData("GET /v1/streams/no%20where/socket HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 400)]
    public async Task One_that_is_refused_and_sends_on_reads_the_whole_refusal(string request, int status)
    {
        using var connection = await RawConnection.OpenAsync(running.Process);
        await connection.SendAsync(request);
        for (var i = 0; i < 20; i++)
        {
            await connection.SendAsync(new byte[10_000]);
            await Task.Delay(5);
        }

        var answer = await connection.ToEndAsync();
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }
}
