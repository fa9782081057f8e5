using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Interactions.Contracts.Interactions;
using Interactions.Frontend.Admission;

namespace Interactions.Frontend.Api;

/// <summary>
/// Reads interactions as docs/protocol.md writes them: one object or a list of 1–100. Checks shapes only; what the stream
/// allows is decided by the fold. One item of wrong shape refuses the whole body. Never throws.
/// </summary>
internal static class InteractionReader
{
    public const int MaxItems = 100;
    public const int MaxCueBytes = 16 * 1024;

    private const int MaxIdLength = 100;
    private const int MaxBanSeconds = 31_536_000;

    private const string NotUnicode = "The text is not valid Unicode.";

    // As frames are written, so that cues pass through unchanged.
    private static readonly JsonWriterOptions Minified = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="utf8">A whole body.</param>
    /// <param name="problem">What is wrong and with which item, in a sentence for the sender.</param>
    public static bool TryRead(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out IReadOnlyList<SentItem>? items, out string problem)
    {
        items = null;
        try
        {
            using var document = JsonDocument.Parse(utf8, Shape.Json);
            return TryRead(document.RootElement, out items, out problem);
        }
        catch (JsonException)
        {
            problem = "The body is not JSON, or nested too deeply.";
            return false;
        }
    }

    /// <summary>For bodies that are part of a message, which is to be parsed with <see cref="Shape.Json"/>.</summary>
    public static bool TryRead(JsonElement body, [NotNullWhen(true)] out IReadOnlyList<SentItem>? items, out string problem)
    {
        items = null;
        problem = NotUnicode;

        // The JSON reader lets stray bytes in text pass, and the writer would replace them silently.
        if (!Utf8.IsValid(JsonMarshal.GetRawUtf8Value(body))) return false;
        try
        {
            if (body.ValueKind == JsonValueKind.Array)
            {
                var count = body.GetArrayLength();
                problem = $"There have to be 1-{MaxItems} interactions.";
                if (count is 0 or > MaxItems) return false;
                var read = new List<SentItem>(count);
                foreach (var item in body.EnumerateArray())
                {
                    if (!TryReadItem(item, out var sent, out var why))
                    {
                        problem = $"Item {read.Count}: {why}.";
                        return false;
                    }

                    read.Add(sent);
                }

                items = read;
            }
            else
            {
                if (!TryReadItem(body, out var sent, out var why))
                {
                    problem = $"The interaction: {why}.";
                    return false;
                }

                items = [sent];
            }

            problem = "";
            return true;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // What the JSON reader says to lone surrogates and stray bytes.
            problem = NotUnicode;
            items = null;
            return false;
        }
    }

    private static bool TryReadItem(JsonElement item, out SentItem sent, out string why)
    {
        sent = default;
        why = "it is not an object";
        if (item.ValueKind != JsonValueKind.Object) return false;
        why = "type has to be text";
        if (!item.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String) return false;
        if (ReadFields(type.GetString()!, item, out why) is not { } interaction) return false;
        why = "key has to be text of 1-64 characters";
        if (!Shape.OptionalText(item, "key", 1, 64, out var key)) return false;
        sent = new SentItem(interaction, key is null ? UInt128.Zero : Hash(key));
        return true;
    }

    private static Interaction? ReadFields(string type, JsonElement item, out string why)
    {
        switch (type)
        {
            case "reaction":
                why = "a reaction has kind, text of 1-32 characters, and count, a whole number from 0 to 100";
                return Shape.Text(item, "kind", 1, 32, out var kind) && Shape.OptionalWhole(item, "count", 0, 100, out var count)
                    ? new Reaction(kind, count ?? 1) : null;
            case "comment":
                why = "a comment has text, and replyTo, a comment's id or null";
                return Shape.Text(item, "text", 0, int.MaxValue, out var text) && Shape.OptionalText(item, "replyTo", 1, MaxIdLength, out var replyTo)
                    ? new Comment(text, replyTo) : null;
            case "cue":
                why = $"a cue has name, text of 1-64 characters, and data of at most {MaxCueBytes} bytes";
                return Shape.Text(item, "name", 1, 64, out var name) && TryMinify(item, "data", out var data) ? new Cue(name, data) : null;
            case "pin":
                why = "a pin has comment, a comment's id";
                return Shape.Text(item, "comment", 1, MaxIdLength, out var pinned) ? new Pin(pinned) : null;
            case "unpin":
                why = "";
                return new Unpin();
            case "delete":
                why = "a delete has comment, a comment's id";
                return Shape.Text(item, "comment", 1, MaxIdLength, out var deleted) ? new Delete(deleted) : null;
            case "ban":
                why = $"a ban has user, seconds, a whole number from 1 to {MaxBanSeconds}, and shadow, true or false";
                return User(item, out var banned) && Shape.OptionalWhole(item, "seconds", 1, MaxBanSeconds, out var seconds)
                    && Shape.OptionalFlag(item, "shadow", out var shadow) ? new Ban(banned, seconds, shadow ?? false) : null;
            case "unban":
                why = "an unban has user";
                return User(item, out var unbanned) ? new Unban(unbanned) : null;
            case "poll":
                why = "a poll has id (1-64 characters), question (1-500) and 2-20 choices (1-200 each) of which no two look the same";
                return Shape.Text(item, "id", 1, 64, out var id) && Shape.Text(item, "question", 1, 500, out var question)
                    && item.TryGetProperty("choices", out var list) && Shape.Texts(list, 2, 20, 200, out var choices)
                    ? new OpenPoll(id, question, choices) : null;
            case "closePoll":
                why = "a closePoll has id, text of 1-64 characters";
                return Shape.Text(item, "id", 1, 64, out var closed) ? new ClosePoll(closed) : null;
            case "vote":
                why = "a vote has poll, text of 1-64 characters, and choice, a whole number";
                return Shape.Text(item, "poll", 1, 64, out var poll) && Shape.Whole(item, "choice", out var choice) ? new Vote(poll, choice) : null;
            default:
                why = "type is none that is known";
                return null;
        }
    }

    private static bool User(JsonElement item, [NotNullWhen(true)] out string? user) =>
        Shape.Text(item, "user", 1, UserIds.MaxLength, out user) && UserIds.IsValid(user);

    private static bool TryMinify(JsonElement item, string name, out ReadOnlyMemory<byte> data)
    {
        data = default;
        if (Shape.IsAbsent(item, name, out var value)) return true;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Minified)) value.WriteTo(json);
        data = buffer.WrittenMemory;
        return data.Length <= MaxCueBytes;
    }

    private static UInt128 Hash(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        var value = BinaryPrimitives.ReadUInt128BigEndian(hash);
        return value == UInt128.Zero ? UInt128.One : value; // 0 means no key.
    }
}
