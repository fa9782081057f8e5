using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Interactions;
using Interactions.Contracts.Log;

namespace Interactions.Frontend.Api;

/// <summary>Writes a log's entries for people and tools: what the binary batches say, as JSON. The place of an item is the INDEX of its id.</summary>
internal static class EntryJson
{
    public static void WriteLine(IBufferWriter<byte> buffer, Entry entry)
    {
        using (var json = new Utf8JsonWriter(buffer, Json.Options))
        {
            var body = EntryCodec.Decode(entry.Body);
            json.WriteStartObject();
            json.WriteString("position"u8, entry.Position.ToString());
            json.WriteNumber("at"u8, entry.AtMs);
            json.WriteString("producer"u8, entry.Writer);
            json.WriteNumber("sequence"u8, entry.Number);
            json.WriteNumber("oldest"u8, OldestMs(body));
            json.WriteStartArray("items"u8);
            foreach (var batch in body.Batches)
            {
                foreach (var item in batch.Items)
                {
                    json.WriteStartObject();
                    Write(json, item, batch.Frontend);
                    json.WriteEndObject();
                }
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
    }

    /// <summary>0: it is not known of any.</summary>
    private static long OldestMs(EntryBody body)
    {
        var oldest = 0L;
        foreach (var batch in body.Batches)
        {
            if (batch.OldestMs > 0 && (oldest == 0 || batch.OldestMs < oldest)) oldest = batch.OldestMs;
        }

        return oldest;
    }

    private static void Write(Utf8JsonWriter json, BatchItem item, string frontend)
    {
        switch (item)
        {
            case Submitted sent:
                Write(json, sent.Interaction);
                json.WriteString("user"u8, sent.User);
                json.WriteString("name"u8, sent.Name);
                if (sent.Key != UInt128.Zero) json.WriteString("keyHash"u8, sent.Key.ToString("x32", CultureInfo.InvariantCulture));
                break;
            case Taps taps:
                json.WriteString("type"u8, "taps"u8);
                json.WriteString("kind"u8, taps.Kind);
                json.WriteNumber("count"u8, taps.Count);
                break;
            case Rejected rejected:
                json.WriteString("type"u8, "rejected"u8);
                json.WriteString("code"u8, rejected.Code.Info().Name);
                break;
            case Configured configured:
                json.WriteString("type"u8, "configured"u8);
                json.WriteString("owner"u8, configured.Owner);
                Write(json, configured.Patch);
                break;
            case StatusSet set:
                json.WriteString("type"u8, "status"u8);
                json.WriteString("status"u8, FrameJson.StatusName(set.Status));
                break;
            case ViewersCounted viewers:
                json.WriteString("type"u8, "viewers"u8);
                json.WriteString("node"u8, frontend);
                json.WriteNumber("count"u8, viewers.Count);
                break;
            case FrontendGone gone:
                json.WriteString("type"u8, "nodeGone"u8);
                json.WriteString("node"u8, gone.Frontend);
                break;
            case RosterJoined joined:
                json.WriteString("type"u8, "joined"u8);
                json.WriteString("node"u8, frontend);
                json.WriteString("user"u8, joined.User);
                json.WriteString("name"u8, joined.Name);
                break;
            case RosterLeft left:
                json.WriteString("type"u8, "left"u8);
                json.WriteString("node"u8, frontend);
                json.WriteString("user"u8, left.User);
                break;
            default:
                json.WriteString("type"u8, item.GetType().Name);
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, SettingsPatch patch)
    {
        if (patch.Title is { } title) json.WriteString("title"u8, title);
        if (patch.Reactions is { } reactions) Strings(json, "reactions"u8, reactions);
        if (patch.Tap is { } tap) json.WriteBoolean("tap"u8, tap);
        if (patch.SlowModeSeconds is { } slow) json.WriteNumber("slowModeSeconds"u8, slow);
        if (patch.MaxCommentLength is { } length) json.WriteNumber("maxCommentLength"u8, length);
        if (patch.Roster is { } roster) json.WriteBoolean("roster"u8, roster);
    }

    private static void Write(Utf8JsonWriter json, Interaction interaction)
    {
        switch (interaction)
        {
            case Reaction reaction:
                json.WriteString("type"u8, "reaction"u8);
                json.WriteString("kind"u8, reaction.Kind);
                json.WriteNumber("count"u8, reaction.Count);
                break;
            case Comment comment:
                json.WriteString("type"u8, "comment"u8);
                json.WriteString("text"u8, comment.Text);
                json.WriteString("replyTo"u8, comment.ReplyTo);
                break;
            case Cue cue:
                // "cue", not "name": the sender's name is a field of the item too.
                json.WriteString("type"u8, "cue"u8);
                json.WriteString("cue"u8, cue.Name);
                if (cue.Data.IsEmpty) break;
                json.WritePropertyName("data"u8);
                json.WriteRawValue(cue.Data.Span, skipInputValidation: true);
                break;
            case Pin pin:
                json.WriteString("type"u8, "pin"u8);
                json.WriteString("comment"u8, pin.CommentId);
                break;
            case Unpin:
                json.WriteString("type"u8, "unpin"u8);
                break;
            case Delete delete:
                json.WriteString("type"u8, "delete"u8);
                json.WriteString("comment"u8, delete.CommentId);
                break;
            case Ban ban:
                json.WriteString("type"u8, "ban"u8);
                json.WriteString("target"u8, ban.User);
                if (ban.Seconds is { } seconds) json.WriteNumber("seconds"u8, seconds);
                json.WriteBoolean("shadow"u8, ban.Shadow);
                break;
            case Unban unban:
                json.WriteString("type"u8, "unban"u8);
                json.WriteString("target"u8, unban.User);
                break;
            case OpenPoll poll:
                json.WriteString("type"u8, "poll"u8);
                json.WriteString("id"u8, poll.Id);
                json.WriteString("question"u8, poll.Question);
                Strings(json, "choices"u8, poll.Choices);
                break;
            case ClosePoll close:
                json.WriteString("type"u8, "closePoll"u8);
                json.WriteString("id"u8, close.Id);
                break;
            case Vote vote:
                json.WriteString("type"u8, "vote"u8);
                json.WriteString("poll"u8, vote.Poll);
                json.WriteNumber("choice"u8, vote.Choice);
                break;
        }
    }

    private static void Strings(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
