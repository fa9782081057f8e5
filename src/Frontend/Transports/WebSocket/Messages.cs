using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Interactions.Contracts;
using Interactions.Frontend.Api;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>What the server says on a WebSocket besides frames, framed as they are.</summary>
internal static class Messages
{
    /// <summary><c>{"t":"ack","ref":7,"results":[…]}</c></summary>
    public static byte[] Ack(long? reference, IReadOnlyList<ItemResult> results) => Write(json =>
    {
        json.WriteString("t"u8, "ack"u8);
        if (reference is { } r) json.WriteNumber("ref"u8, r);
        json.WritePropertyName("results"u8);
        ResultJson.Write(json, results);
    });

    /// <summary><c>{"t":"error","code":"…","detail":"…"}</c></summary>
    public static byte[] Error(Code code, string detail, long? reference) => Write(json =>
    {
        json.WriteString("t"u8, "error"u8);
        if (reference is { } r) json.WriteNumber("ref"u8, r);
        json.WriteString("code"u8, code.Info().Name);
        json.WriteString("detail"u8, detail);
    });

    /// <summary><c>{"t":"pong","at":MS}</c></summary>
    public static byte[] Pong(long atMs) =>
        ServerFrame.Text(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"t\":\"pong\",\"at\":{atMs}}}")));

    private static byte[] Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        return ServerFrame.Text(buffer.WrittenSpan);
    }
}
