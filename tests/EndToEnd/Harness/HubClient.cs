using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Interactions.Tests.Frontend.WebSocket;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>SignalR's JSON hub protocol over a WebSocket, by hand: what is said and heard, record by record.</summary>
internal sealed class HubClient : IDisposable
{
    private const char Separator = '\u001e';

    private readonly Queue<JsonElement> _records = new();

    private HubClient(RawClient wire) => Wire = wire;

    /// <summary>The WebSocket under it.</summary>
    public RawClient Wire { get; }

    /// <param name="along">What is sent along with the request for an upgrade.</param>
    /// <param name="receiveBytes">How much the system takes in for a client that does not read; 0 = as it likes.</param>
    public static async Task<HubClient> OpenAsync(ServiceProcess service, string? token = null, byte[]? along = null, int receiveBytes = 0)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBytes > 0) socket.ReceiveBufferSize = receiveBytes;
        await socket.ConnectAsync(service.Address.Host, service.Address.Port);
        var hub = new HubClient(new RawClient(socket));
        var query = token is null ? "" : "?access_token=" + token;
        var request = $"GET /hubs/interactions{query} HTTP/1.1\r\nHost: {service.Address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        await hub.Wire.SendAsync([.. Encoding.ASCII.GetBytes(request), .. along ?? []]);
        var head = await hub.Wire.HeadAsync();
        if (!head.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal)) throw new InvalidDataException(head);
        if (along is null) await hub.Wire.SendAsync(Frame(new { protocol = "json", version = 1 }));
        if (await hub.NextAsync() is not { } answer || answer.EnumerateObject().Any()) throw new InvalidDataException("The hub did not take the handshake.");
        return hub;
    }

    public static byte[] Frame(object record) => ClientFrame.Text(JsonSerializer.Serialize(record) + Separator);

    public void Dispose() => Wire.Dispose();

    public Task SendAsync(object record) => Wire.SendAsync(Frame(record));

    public Task WatchAsync(string id, params string?[] arguments) => SendAsync(new { type = 4, invocationId = id, target = "Watch", arguments });

    public Task CancelAsync(string id) => SendAsync(new { type = 5, invocationId = id });

    /// <summary>The next record but pings; null when the WebSocket was closed.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        while (true)
        {
            while (_records.TryDequeue(out var record))
            {
                if (Kind(record) != 6) return record;
            }

            if (await Wire.NextAsync() is not { } message || message.StartsWith("close", StringComparison.Ordinal)) return null;
            foreach (var text in message["text ".Length..].Split(Separator, StringSplitOptions.RemoveEmptyEntries))
                _records.Enqueue(JsonSerializer.Deserialize<JsonElement>(text));
        }
    }

    /// <summary>The next frame of a call's answer; anything else but other calls' frames fails.</summary>
    public async Task<JsonElement> ItemAsync(string id)
    {
        while (true)
        {
            var record = await NextAsync() ?? throw new IOException("The hub closed.");
            if (Kind(record) != 2) throw new InvalidDataException($"Not an item: {record}");
            if (record.GetProperty("invocationId").GetString() == id) return record.GetProperty("item");
        }
    }

    /// <summary>The end of a call's answer; what comes before it is skipped.</summary>
    public async Task<JsonElement> EndAsync(string id)
    {
        while (true)
        {
            var record = await NextAsync() ?? throw new IOException("The hub closed.");
            if (Kind(record) == 3 && record.GetProperty("invocationId").GetString() == id) return record;
        }
    }

    public static int Kind(JsonElement record) => record.TryGetProperty("type", out var type) ? type.GetInt32() : 0;
}
