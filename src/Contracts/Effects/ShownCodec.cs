using Interactions.Contracts.Binary;
using Interactions.Contracts.Frames;

namespace Interactions.Contracts.Effects;

/// <summary>The bytes of what viewers see, the same inside effects and inside saved folds.</summary>
/// <remarks>
/// <code>
/// comment  := id user name text atMs(signed) replyTo?
/// cue      := name data(length, bytes) atMs(signed)
/// poll     := id question choices votes(as many as choices, signed) open(1 byte)
/// settings := title reactions tap(1 byte) slowModeSeconds(signed) maxCommentLength(signed) roster(1 byte)
/// member   := user name
/// </code>
/// Texts are UTF-8 after their length; numbers are LEB128 varints, signed ones zigzag; what may be null stands after 1, or is 0.
/// </remarks>
public static class ShownCodec
{
    public static void Write(ByteWriter writer, ShownComment comment)
    {
        writer.Text(comment.Id);
        writer.Text(comment.User);
        writer.Text(comment.Name);
        writer.Text(comment.Text);
        writer.Signed(comment.AtMs);
        writer.TextOrNull(comment.ReplyTo);
    }

    public static ShownComment ReadComment(ByteReader reader) =>
        new(reader.Text(), reader.Text(), reader.Text(), reader.Text(), reader.Signed(), reader.TextOrNull());

    public static void Write(ByteWriter writer, ShownCue cue)
    {
        writer.Text(cue.Name);
        writer.Blob(cue.Data.Span);
        writer.Signed(cue.AtMs);
    }

    public static ShownCue ReadCue(ByteReader reader) => new(reader.Text(), reader.Blob(), reader.Signed());

    public static void Write(ByteWriter writer, ShownPoll poll)
    {
        writer.Text(poll.Id);
        writer.Text(poll.Question);
        writer.Texts(poll.Choices);
        foreach (var votes in poll.Votes) writer.Signed(votes);
        writer.Bool(poll.Open);
    }

    public static ShownPoll ReadPoll(ByteReader reader)
    {
        var (id, question, choices) = (reader.Text(), reader.Text(), reader.Texts());
        var votes = new long[choices.Length];
        for (var i = 0; i < votes.Length; i++) votes[i] = reader.Signed();
        return new ShownPoll(id, question, choices, votes, reader.Bool());
    }

    public static void Write(ByteWriter writer, StreamSettings settings)
    {
        writer.Text(settings.Title);
        writer.Texts(settings.Reactions);
        writer.Bool(settings.Tap);
        writer.Signed(settings.SlowModeSeconds);
        writer.Signed(settings.MaxCommentLength);
        writer.Bool(settings.Roster);
    }

    public static StreamSettings ReadSettings(ByteReader reader) =>
        new(reader.Text(), reader.Texts(), reader.Bool(), reader.Signed32(), reader.Signed32(), reader.Bool());

    public static void Write(ByteWriter writer, RosterMember member)
    {
        writer.Text(member.User);
        writer.Text(member.Name);
    }

    public static RosterMember ReadMember(ByteReader reader) => new(reader.Text(), reader.Text());
}
