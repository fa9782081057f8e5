using System.Buffers;
using System.Text.Json;
using Interactions.Contracts;

namespace Interactions.Frontend.Api;

/// <summary>Writes what became of interactions, in their order.</summary>
internal static class ResultJson
{
    /// <summary>The value of <c>results</c>.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<ItemResult> results)
    {
        json.WriteStartArray();
        foreach (var result in results)
        {
            json.WriteStartObject();
            if (result.IsAccepted)
            {
                json.WriteString("status"u8, "accepted"u8);
                json.WriteString("id"u8, result.Id);
                json.WriteString("position"u8, result.Position.ToString());
            }
            else
            {
                json.WriteString("status"u8, "rejected"u8);
                json.WriteString("code"u8, result.Code.Info().Name);
                if (result.RetryAfterMs > 0) json.WriteNumber("retryAfterMs"u8, result.RetryAfterMs);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The body of a 200: <c>{"results":[…]}</c>.</summary>
    public static byte[] Encode(IReadOnlyList<ItemResult> results)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * (results.Count + 1));
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName("results"u8);
            Write(json, results);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
