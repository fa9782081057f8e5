using System.Text.Json;
using Interactions.Contracts.Frames;

namespace Interactions.LoadTests.Clients;

/// <summary>
/// Reads what the checks need out of a message and skips the rest, with no allocation for a frame of reactions
/// but its position: a thousand viewers are read by the same two cores that serve them.
/// </summary>
internal sealed class FrameReader
{
    private readonly List<(byte[] Utf8, string Name)> _kinds = [];

    /// <exception cref="JsonException">The message is not JSON of the protocol's shape.</exception>
    public void Read(MessageKind kind, ReadOnlySpan<byte> message, SeenFrame frame)
    {
        frame.Clear();
        frame.Kind = kind;
        var json = new Utf8JsonReader(message);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) throw new JsonException("A message has to be an object.");
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("t"u8)) frame.Kind = Kind(ref json);
            else if (json.ValueTextEquals("position"u8)) frame.Position = Next(ref json).GetString();
            else if (json.ValueTextEquals("oldest"u8)) frame.OldestMs = Next(ref json).GetInt64();
            else if (json.ValueTextEquals("missed"u8)) frame.Missed = Next(ref json).GetInt32();
            else if (json.ValueTextEquals("totals"u8)) Counts(ref json, frame.Totals);
            else if (json.ValueTextEquals("delta"u8)) Counts(ref json, frame.Delta);
            else if (json.ValueTextEquals("comments"u8)) Comments(ref json, frame.CommentIds);
            else json.Skip();
        }
    }

    private static ref Utf8JsonReader Next(ref Utf8JsonReader json)
    {
        json.Read();
        return ref json;
    }

    private static MessageKind Kind(ref Utf8JsonReader json)
    {
        json.Read();
        return json.ValueTextEquals("frame"u8) ? MessageKind.Frame
            : json.ValueTextEquals("snapshot"u8) ? MessageKind.Snapshot
            : json.ValueTextEquals("bye"u8) ? MessageKind.Bye
            : MessageKind.Other;
    }

    private void Counts(ref Utf8JsonReader json, List<KindCount> counts)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var kind = Name(ref json);
            counts.Add(new KindCount(kind, Next(ref json).GetInt64()));
        }
    }

    private string Name(ref Utf8JsonReader json)
    {
        foreach (var (utf8, known) in _kinds)
        {
            if (json.ValueTextEquals(utf8)) return known;
        }

        var name = json.GetString()!;
        _kinds.Add((System.Text.Encoding.UTF8.GetBytes(name), name));
        return name;
    }

    private static void Comments(ref Utf8JsonReader json, List<string> ids)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (json.ValueTextEquals("id"u8)) ids.Add(Next(ref json).GetString()!);
                else json.Skip();
            }
        }
    }
}
