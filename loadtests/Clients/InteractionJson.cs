using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Interactions.LoadTests.Clients;

/// <summary>Interactions as a client writes them.</summary>
internal static class InteractionJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static SentItem Comment(string text, string key) => new(
        Write(json =>
        {
            json.WriteString("type"u8, "comment"u8);
            json.WriteString("text"u8, text);
            json.WriteString("key"u8, key);
        }),
        isComment: true, kind: null, count: 0);

    public static SentItem Reaction(string kind, int count) => new(
        Write(json =>
        {
            json.WriteString("type"u8, "reaction"u8);
            json.WriteString("kind"u8, kind);
            json.WriteNumber("count"u8, count);
        }),
        isComment: false, kind, count);

    private static byte[] Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
