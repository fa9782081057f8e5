using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>JSON that is encoded already, and shared; written as it is.</summary>
[JsonConverter(typeof(Converter))]
public sealed class RawJson(ReadOnlyMemory<byte> utf8)
{
    private readonly ReadOnlyMemory<byte> _utf8 = utf8;

    private sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Raw JSON is only sent.");

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value._utf8.Span, skipInputValidation: true);
    }
}
