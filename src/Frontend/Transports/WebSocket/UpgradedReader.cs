using System.Buffers;
using System.Net.WebSockets;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>Reads a WebSocket that came through Kestrel (TLS, HTTP/2), which does its framing.</summary>
internal static class UpgradedReader
{
    /// <summary>Listens until the viewer leaves or breaks the protocol.</summary>
    /// <returns>The close code to answer with; null when the connection is gone.</returns>
    public static async Task<(int? Code, string Detail)> ListenAsync(System.Net.WebSockets.WebSocket socket, IConversation conversation, int longestMessageBytes)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            while (true)
            {
                var length = 0;
                while (true)
                {
                    if (length == buffer.Length)
                    {
                        if (length > longestMessageBytes) return (CloseCode.BadMessage, "The message is too large.");
                        var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                        buffer.AsSpan(0, length).CopyTo(larger);
                        ArrayPool<byte>.Shared.Return(buffer);
                        buffer = larger;
                    }

                    var received = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                    if (received.MessageType == WebSocketMessageType.Close) return ((int?)socket.CloseStatus is { } code and not 1005 ? code : CloseCode.Normal, "");
                    if (received.MessageType == WebSocketMessageType.Binary) return (CloseCode.BadMessage, "Messages are text.");
                    length += received.Count;
                    if (received.EndOfMessage) break;
                }

                if (length > longestMessageBytes) return (CloseCode.BadMessage, "The message is too large.");
                if (!conversation.Hear(buffer.AsMemory(0, length))) return (CloseCode.BadMessage, "The message is not JSON, or nested too deeply.");
                if (conversation.Behind is { } caughtUp) await caughtUp;
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            return (null, "");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
