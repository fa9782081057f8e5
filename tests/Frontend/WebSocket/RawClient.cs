using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>A client that sends any bytes and reads a server's frames one by one.</summary>
/// <param name="endSending">Says that no more comes.</param>
internal sealed class RawClient(Stream stream, Action endSending) : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);

    public static RawClient On(Socket socket) => new(new NetworkStream(socket, ownsSocket: true), () => socket.Shutdown(SocketShutdown.Send));

    public void Dispose() => stream.Dispose();

    public async Task SendAsync(byte[] bytes, int chop = int.MaxValue)
    {
        using var late = new CancellationTokenSource(Within);
        foreach (var part in bytes.Chunk(chop))
        {
            await stream.WriteAsync(part, late.Token);
            await stream.FlushAsync(late.Token);
        }
    }

    /// <summary>The next frame, such as <c>text hello</c> or <c>close 1000</c>; null at the connection's end.</summary>
    public async Task<string?> NextAsync()
    {
        using var late = new CancellationTokenSource(Within);
        var head = new byte[10];
        if (await stream.ReadAtLeastAsync(head.AsMemory(0, 2), 2, throwOnEndOfStream: false, late.Token) < 2) return null;
        var more = head[1] switch { 127 => 8, 126 => 2, > 127 => throw new InvalidDataException("A server does not mask."), _ => 0 };
        await stream.ReadExactlyAsync(head.AsMemory(2, more), late.Token);
        var length = more switch
        {
            8 => (int)BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(2)),
            2 => BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2)),
            _ => head[1],
        };
        var payload = new byte[length];
        await stream.ReadExactlyAsync(payload, late.Token);
        return head[0] switch
        {
            0x81 => $"text {Encoding.UTF8.GetString(payload)}",
            0x88 => $"close {BinaryPrimitives.ReadUInt16BigEndian(payload)}",
            0x89 => $"ping {Encoding.UTF8.GetString(payload)}",
            0x8A => $"pong {Encoding.UTF8.GetString(payload)}",
            _ => throw new InvalidDataException($"A server does not send {head[0]:x2}."),
        };
    }

    /// <summary>An HTTP answer's head, up to and with its empty line.</summary>
    public async Task<string> HeadAsync()
    {
        using var late = new CancellationTokenSource(Within);
        var head = new StringBuilder();
        var one = new byte[1];
        while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
        {
            await stream.ReadExactlyAsync(one, late.Token);
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    public void EndSending() => endSending();
}
