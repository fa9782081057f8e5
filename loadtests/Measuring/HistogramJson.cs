using System.Text.Json;
using System.Text.Json.Serialization;

namespace Interactions.LoadTests.Measuring;

/// <summary>A histogram in JSON between processes of this tool, as <see cref="Histogram.ToSparse"/> writes it.</summary>
internal sealed class HistogramJson : JsonConverter<Histogram>
{
    public override Histogram Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Histogram.FromSparse(reader.GetString() ?? throw new JsonException("A histogram is a string."));

    public override void Write(Utf8JsonWriter writer, Histogram value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToSparse());
}
