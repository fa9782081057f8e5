using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Interactions.Contracts.Frames;

/// <summary>Writes a <see cref="Frame"/> as the JSON object of docs/protocol.md, once, for every transport to wrap.</summary>
public static class FrameJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="atMs">When the frame was built, ms since 1970 UTC.</param>
    public static byte[] Encode(Frame frame, long atMs)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(json, frame, atMs);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Frame frame, long atMs)
    {
        json.WriteStartObject();
        json.WriteString("stream"u8, frame.Stream);
        json.WriteString("position"u8, frame.Position.ToString());
        json.WriteNumber("at"u8, atMs);
        if (frame.OldestMs > 0) json.WriteNumber("oldest"u8, frame.OldestMs);
        if (frame.Status is { } status) json.WriteString("status"u8, StatusName(status));
        if (frame.Owner is { } owner) json.WriteString("owner"u8, owner);
        if (frame.StartedAtMs > 0) json.WriteNumber("startedAt"u8, frame.StartedAtMs);
        if (frame.EndedAtMs > 0) json.WriteNumber("endedAt"u8, frame.EndedAtMs);
        if (frame.Settings is { } settings)
        {
            json.WriteString("title"u8, settings.Title);
            json.WriteStartObject("settings"u8);
            Strings(json, "reactions"u8, settings.Reactions);
            json.WriteBoolean("tap"u8, settings.Tap);
            json.WriteNumber("slowModeSeconds"u8, settings.SlowModeSeconds);
            json.WriteNumber("maxCommentLength"u8, settings.MaxCommentLength);
            json.WriteBoolean("roster"u8, settings.Roster);
            json.WriteEndObject();
        }

        if (frame.Totals is { } totals) Counts(json, "totals"u8, totals);
        if (frame.Delta is { } delta) Counts(json, "delta"u8, delta);
        if (frame.Viewers is { } viewers) json.WriteNumber("viewers"u8, viewers);
        if (frame.Comments is { } comments)
        {
            json.WriteStartArray("comments"u8);
            foreach (var comment in comments) Comment(json, comment);
            json.WriteEndArray();
        }

        if (frame.Missed > 0 || frame.IsSnapshot) json.WriteNumber("missed"u8, frame.Missed);
        if (frame.Removed is { } removed) Strings(json, "removed"u8, removed);
        if (frame.PinnedChanged)
        {
            json.WritePropertyName("pinned"u8);
            if (frame.Pinned is { } pinned) Comment(json, pinned);
            else json.WriteNullValue();
        }

        if (frame.Cues is { } cues)
        {
            json.WriteStartArray("cues"u8);
            foreach (var cue in cues) Cue(json, cue);
            json.WriteEndArray();
        }

        if (frame.Polls is { } polls)
        {
            json.WriteStartArray("polls"u8);
            foreach (var poll in polls) Poll(json, poll);
            json.WriteEndArray();
        }

        if (frame.RosterChanged) Roster(json, frame.Roster);
        if (frame.BanChanged)
        {
            json.WritePropertyName("ban"u8);
            Ban(json, frame.Ban);
        }

        if (frame.BansChanged) Bans(json, frame.Bans);
        json.WriteEndObject();
    }

    public static string StatusName(StreamStatus status) => status switch
    {
        StreamStatus.Created => "created",
        StreamStatus.Live => "live",
        _ => "ended",
    };

    public static void Comment(Utf8JsonWriter json, ShownComment comment)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, comment.Id);
        json.WriteString("user"u8, comment.User);
        json.WriteString("name"u8, comment.Name);
        json.WriteString("text"u8, comment.Text);
        json.WriteNumber("at"u8, comment.AtMs);
        json.WriteString("replyTo"u8, comment.ReplyTo);
        json.WriteEndObject();
    }

    /// <summary>A user's own ban, or null.</summary>
    public static void Ban(Utf8JsonWriter json, ShownBan? ban)
    {
        if (ban is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        Until(json, ban.UntilMs);
        json.WriteEndObject();
    }

    /// <summary>Bans as moderators see them.</summary>
    public static void Bans(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<BanRow> bans)
    {
        json.WriteStartArray(name);
        foreach (var ban in bans)
        {
            json.WriteStartObject();
            json.WriteString("user"u8, ban.User);
            Until(json, ban.UntilMs);
            json.WriteBoolean("shadow"u8, ban.Shadow);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Bans(Utf8JsonWriter json, BanChanges? changes)
    {
        json.WritePropertyName("bans"u8);
        if (changes is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        Bans(json, "set"u8, changes.Set);
        Strings(json, "lifted"u8, changes.Lifted);
        json.WriteEndObject();
    }

    private static void Until(Utf8JsonWriter json, long? untilMs)
    {
        if (untilMs is { } until) json.WriteNumber("until"u8, until);
        else json.WriteNull("until"u8);
    }

    private static void Cue(Utf8JsonWriter json, ShownCue cue)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, cue.Name);
        json.WritePropertyName("data"u8);
        if (cue.Data.IsEmpty) json.WriteNullValue();
        else json.WriteRawValue(cue.Data.Span, skipInputValidation: true);
        json.WriteNumber("at"u8, cue.AtMs);
        json.WriteEndObject();
    }

    private static void Poll(Utf8JsonWriter json, ShownPoll poll)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, poll.Id);
        json.WriteString("question"u8, poll.Question);
        Strings(json, "choices"u8, poll.Choices);
        json.WriteStartArray("votes"u8);
        foreach (var votes in poll.Votes) json.WriteNumberValue(votes);
        json.WriteEndArray();
        json.WriteBoolean("open"u8, poll.Open);
        json.WriteEndObject();
    }

    private static void Roster(Utf8JsonWriter json, ShownRoster? roster)
    {
        json.WritePropertyName("roster"u8);
        if (roster is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteNumber("count"u8, roster.Count);
        json.WriteStartArray("joined"u8);
        foreach (var member in roster.Joined)
        {
            json.WriteStartObject();
            json.WriteString("user"u8, member.User);
            json.WriteString("name"u8, member.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Strings(json, "left"u8, roster.Left);
        json.WriteEndObject();
    }

    private static void Counts(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<KindCount> counts)
    {
        json.WriteStartObject(name);
        foreach (var (kind, count) in counts) json.WriteNumber(kind, count);
        json.WriteEndObject();
    }

    private static void Strings(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
