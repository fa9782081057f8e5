using Interactions.Frontend.Transports.WebSocket;
using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>What is true where a WebSocket has a connection of its own: a stream of HTTP/2 that is reset loses what was not read yet.</summary>
public abstract class ConnectionSocketTests(Loopback loopback) : SocketTests(loopback)
{
    [Fact]
    public async Task What_was_sent_before_an_end_without_a_close_is_heard()
    {
        var heard = new List<string>();
        var (client, cursor) = await Loopback.OpenAsync(_ => new Listing(heard));
        await client.SendAsync([.. ClientFrame.Text("1"), .. ClientFrame.Text("2")]);
        client.Dispose();
        Assert.Null(await cursor.Ended.WaitAsync(Within));
        Assert.Equal(["1", "2"], heard);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1002)]
    [InlineData(4400)]
    public async Task One_that_sends_on_behind_its_close_and_reads_late_misses_nothing(int code)
    {
        var (client, _) = await Loopback.OpenAsync(cursor => new Echo(cursor));
        using var _ = client;
        var text = new string('*', 8000);
        await client.SendAsync([.. Enumerable.Range(0, 8).SelectMany(_ => ClientFrame.Text(text)), .. LastFrame(code)]);
        for (var i = 0; i < 8; i++)
        {
            await SendOnAsync(client);
            Assert.Equal($"text {text}", await client.NextAsync());
        }

        await SendOnAsync(client);
        Assert.Equal($"close {code}", await client.NextAsync());
        await SendOnAsync(client);
        Assert.Null(await client.NextAsync());
    }

    [Fact]
    public async Task A_refusal_is_read_by_one_that_sends_on()
    {
        using var client = await Loopback.RefuseAsync(4403, "The token is not for this stream.");
        await client.SendAsync([.. ClientFrame.Text("not heard"), .. ClientFrame.Close(1000)]);
        await SendOnAsync(client);
        await SendOnAsync(client);
        Assert.Equal("close 4403", await client.NextAsync());
        Assert.Null(await client.NextAsync());
    }

    [Fact]
    public async Task The_end_comes_right_behind_the_second_close()
    {
        var (client, _) = await Loopback.OpenAsync(cursor => new Echo(cursor));
        using var _ = client;
        var started = TimeProvider.System.GetTimestamp();
        await client.SendAsync(ClientFrame.Close(1000));
        Assert.Equal("close 1000", await client.NextAsync());
        Assert.Null(await client.NextAsync());
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 3);
    }

    private static byte[] LastFrame(int code) => code switch
    {
        1002 => ClientFrame.Make(3, []),
        4400 => ClientFrame.Binary([1]),
        _ => ClientFrame.Close(code),
    };

    // Slowly, so that the server is through with the connection meanwhile.
    private static async Task SendOnAsync(RawClient client)
    {
        await client.SendAsync(ClientFrame.Ping("still here"));
        await Task.Delay(20);
    }

    private sealed class Listing(List<string> heard) : IConversation
    {
        public Task? Behind => null;

        public Task Answered => Task.CompletedTask;

        public bool Hear(ReadOnlyMemory<byte> message)
        {
            heard.Add(System.Text.Encoding.UTF8.GetString(message.Span));
            return true;
        }
    }
}
