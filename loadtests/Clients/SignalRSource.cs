using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Interactions.LoadTests.Clients;

/// <summary>
/// Watches over the SignalR hub, with the JSON hub protocol spoken by hand (aspnetcore, SignalR/docs/specs/HubProtocol.md)
/// and negotiation skipped: records end with 0x1E, several may share a message.
/// </summary>
internal sealed class SignalRSource(Uri baseAddress, string stream, string token) : IFrameSource
{
    private const byte Separator = 0x1E;
    private const int StreamItem = 2;
    private const int Completion = 3;
    private const int Ping = 6;
    private const int Close = 7;

    public string Transport => "signalr";

    public async Task WatchAsync(string? position, IMessageHandler handler, CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await socket.ConnectAsync(SocketAddress.Of(baseAddress, $"/hubs/interactions?access_token={Uri.EscapeDataString(token)}"), cancellationToken);
        await SendAsync(socket, """{"protocol":"json","version":1}""", cancellationToken);
        var place = position is null ? "null" : $"\"{position}\"";
        await SendAsync(socket, $$"""{"type":4,"invocationId":"1","target":"Watch","arguments":["{{stream}}",{{place}}]}""", cancellationToken);

        // The service drops a client that it has not heard of for 30 s.
        using var pings = new PeriodicTimer(TimeSpan.FromSeconds(10));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pinging = PingAsync(socket, pings, stop.Token);
        try
        {
            var buffer = new MessageBuffer();
            while (await buffer.ReceiveAsync(socket, cancellationToken))
            {
                if (!Records(buffer.Message, handler)) return;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await pinging;
        }
    }

    /// <returns>False when the hub said that the stream, or the connection, is over.</returns>
    internal static bool Records(ReadOnlySpan<byte> message, IMessageHandler handler)
    {
        while (message.IndexOf(Separator) is var end and >= 0)
        {
            if (!Record(message[..end], handler)) return false;
            message = message[(end + 1)..];
        }

        return true;
    }

    private static bool Record(ReadOnlySpan<byte> record, IMessageHandler handler)
    {
        var json = new Utf8JsonReader(record);
        json.Read();
        var type = 0;
        string? error = null;
        var item = default(Range);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("type"u8))
            {
                json.Read();
                type = json.GetInt32();
            }
            else if (json.ValueTextEquals("error"u8))
            {
                json.Read();
                error = json.GetString();
            }
            else if (json.ValueTextEquals("item"u8))
            {
                json.Read();
                var start = (int)json.TokenStartIndex;
                json.Skip();
                item = start..(int)json.BytesConsumed;
            }
            else
            {
                json.Skip();
            }
        }

        if (error is not null) throw new InvalidOperationException($"The hub answered: {error}");
        if (type == StreamItem) handler.OnMessage(MessageKind.Other, record[item]);
        return type is not (Completion or Close);
    }

    private static async Task PingAsync(ClientWebSocket socket, PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken)) await SendAsync(socket, $$"""{"type":{{Ping}}}""", cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // The receiving side notices and says so.
        }
    }

    private static Task SendAsync(ClientWebSocket socket, string record, CancellationToken cancellationToken) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(record + (char)Separator), WebSocketMessageType.Text, true, cancellationToken);
}
