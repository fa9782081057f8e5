using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;
using Interactions.Frontend.Transports.SignalR;
using Interactions.Frontend.Wire;
using Xunit;

namespace Interactions.Tests.Frontend.SignalR;

public sealed class HubWriterTests
{
    [Fact]
    public async Task Each_flush_is_one_message_of_any_length()
    {
        using var wire = new MemoryStream();
        var writer = new HubWriter(wire, null);
        int[] lengths = [1, 125, 126, 4096, 65_535, 65_536, 200_000, 3];
        foreach (var length in lengths)
        {
            var payload = Payload(length);
            await writer.WriteAsync(payload);
            foreach (var part in payload.Chunk(1000)) writer.Write(part);
            await writer.FlushAsync();
            await writer.FlushAsync();
        }

        await writer.SendAsync(ServerFrame.Close(1000, ""));
        wire.Position = 0;
        using var reader = System.Net.WebSockets.WebSocket.CreateFromStream(wire, new WebSocketCreationOptions());
        foreach (var length in lengths)
        {
            Assert.Equal(Payload(length), await MessageAsync(reader));
            Assert.Equal(Payload(length), await MessageAsync(reader));
        }

        Assert.Equal(WebSocketMessageType.Close, (await reader.ReceiveAsync(new byte[10], CancellationToken.None)).MessageType);
    }

    [Fact]
    public async Task What_is_sent_while_the_wire_is_full_waits_for_its_turn()
    {
        using var wire = new FullStream();
        var writer = new HubWriter(wire, null);
        var message = writer.WriteAsync("message"u8.ToArray());
        var pong = writer.SendAsync(ServerFrame.Pong([]));
        Assert.False(message.IsCompleted || pong.IsCompleted);
        Assert.True(writer.IsSending);
        Assert.Equal(1, wire.Writes);
        wire.Take();
        await message;
        await pong;
        Assert.False(writer.IsSending);
        Assert.Equal(2, wire.Writes);
    }

    [Fact]
    public async Task Whoever_has_left_ends_the_writing_and_is_no_error()
    {
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var wire = new MemoryStream();
        client.Dispose();
        var onSocket = new HubWriter(wire, client);
        Assert.True((await onSocket.WriteAsync("message"u8.ToArray())).IsCompleted);
        Assert.True((await onSocket.WriteAsync("another"u8.ToArray())).IsCompleted);

        wire.Dispose();
        Assert.True((await new HubWriter(wire, null).WriteAsync("message"u8.ToArray())).IsCompleted);
    }

    private static byte[] Payload(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)('a' + (i % 26)))];

    private static async Task<byte[]> MessageAsync(System.Net.WebSockets.WebSocket reader)
    {
        var buffer = new byte[300_000];
        var length = 0;
        while (true)
        {
            var part = await reader.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
            Assert.Equal(WebSocketMessageType.Text, part.MessageType);
            length += part.Count;
            if (part.EndOfMessage) return buffer[..length];
        }
    }

    /// <summary>Takes nothing until it is told to.</summary>
    private sealed class FullStream : MemoryStream
    {
        private readonly TaskCompletionSource _room = new();

        public int Writes { get; private set; }

        public void Take() => _room.SetResult();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes++;
            return new(_room.Task);
        }
    }
}
