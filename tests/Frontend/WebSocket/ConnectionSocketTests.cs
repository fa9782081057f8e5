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
