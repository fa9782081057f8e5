using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Interactions.Contracts;
using Interactions.Frontend.Api;
using Interactions.Frontend.Fanout;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>What the server says on a WebSocket besides frames, wrapped as frames are.</summary>
internal static class Messages
{
    /// <summary><c>{"t":"ack","ref":7,"results":[…]}</c></summary>
    public static byte[] Ack(WireFormat format, long? reference, IReadOnlyList<ItemResult> results) => Write(format, json =>
    {
        json.WriteString("t"u8, "ack"u8);
        if (reference is { } r) json.WriteNumber("ref"u8, r);
        json.WritePropertyName("results"u8);
        ResultJson.Write(json, results);
    });

    /// <summary><c>{"t":"error","code":"…","detail":"…"}</c></summary>
    public static byte[] Error(WireFormat format, Code code, string detail, long? reference) => Write(format, json =>
    {
        json.WriteString("t"u8, "error"u8);
        if (reference is { } r) json.WriteNumber("ref"u8, r);
        json.WriteString("code"u8, code.Info().Name);
        json.WriteString("detail"u8, detail);
    });

    /// <summary><c>{"t":"pong","at":MS}</c></summary>
    public static byte[] Pong(WireFormat format, long atMs) =>
        Wrap(format, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"t\":\"pong\",\"at\":{atMs}}}")));

    private static byte[] Wrap(WireFormat format, ReadOnlySpan<byte> json) => format == WireFormat.Framed ? ServerFrame.Text(json) : json.ToArray();

    private static byte[] Write(WireFormat format, Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        return Wrap(format, buffer.WrittenSpan);
    }
}
