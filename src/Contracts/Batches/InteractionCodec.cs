using Interactions.Contracts.Binary;
using Interactions.Contracts.Interactions;

namespace Interactions.Contracts.Batches;

/// <summary>The bytes of an interaction inside a batch. Numbers of tags are stored in logs: never reuse one.</summary>
/// <remarks>
/// <code>
/// interaction := tag(1 byte) fields
///   1 Reaction  kind count(signed)          6 Delete    comment
///   2 Comment   text replyTo?               7 Ban       user flags(1 shadow, 2 ends) [seconds(signed)]
///   3 Cue       name data(length, bytes)    8 Unban     user
///   4 Pin       comment                     9 OpenPoll  id question choices
///   5 Unpin                                10 ClosePoll id
///                                          11 Vote      poll choice(signed)
/// </code>
/// </remarks>
internal static class InteractionCodec
{
    public static void Write(ByteWriter writer, Interaction interaction)
    {
        switch (interaction)
        {
            case Reaction reaction:
                writer.Byte(1);
                writer.Text(reaction.Kind);
                writer.Signed(reaction.Count);
                break;
            case Comment comment:
                writer.Byte(2);
                writer.Text(comment.Text);
                writer.TextOrNull(comment.ReplyTo);
                break;
            case Cue cue:
                writer.Byte(3);
                writer.Text(cue.Name);
                writer.Blob(cue.Data.Span);
                break;
            case Pin pin:
                writer.Byte(4);
                writer.Text(pin.CommentId);
                break;
            case Unpin:
                writer.Byte(5);
                break;
            case Delete delete:
                writer.Byte(6);
                writer.Text(delete.CommentId);
                break;
            case Ban ban:
                writer.Byte(7);
                writer.Text(ban.User);
                writer.Byte((byte)((ban.Shadow ? 1 : 0) | (ban.Seconds is null ? 0 : 2)));
                if (ban.Seconds is { } seconds) writer.Signed(seconds);
                break;
            case Unban unban:
                writer.Byte(8);
                writer.Text(unban.User);
                break;
            case OpenPoll poll:
                writer.Byte(9);
                writer.Text(poll.Id);
                writer.Text(poll.Question);
                writer.Texts(poll.Choices);
                break;
            case ClosePoll poll:
                writer.Byte(10);
                writer.Text(poll.Id);
                break;
            case Vote vote:
                writer.Byte(11);
                writer.Text(vote.Poll);
                writer.Signed(vote.Choice);
                break;
            default:
                throw new ArgumentException($"{interaction.GetType().Name} has no tag.", nameof(interaction));
        }
    }

    public static Interaction Read(ByteReader reader) => reader.Byte() switch
    {
        1 => new Reaction(reader.Text(), reader.Signed32()),
        2 => new Comment(reader.Text(), reader.TextOrNull()),
        3 => new Cue(reader.Text(), reader.Blob()),
        4 => new Pin(reader.Text()),
        5 => new Unpin(),
        6 => new Delete(reader.Text()),
        7 => ReadBan(reader),
        8 => new Unban(reader.Text()),
        9 => new OpenPoll(reader.Text(), reader.Text(), reader.Texts()),
        10 => new ClosePoll(reader.Text()),
        11 => new Vote(reader.Text(), reader.Signed32()),
        var tag => throw new InvalidDataException($"{tag} is no interaction's tag."),
    };

    private static Ban ReadBan(ByteReader reader)
    {
        var user = reader.Text();
        var flags = reader.Byte();
        if (flags > 3) throw new InvalidDataException($"Unknown flags in {flags}.");
        return new Ban(user, (flags & 2) != 0 ? reader.Signed32() : null, (flags & 1) != 0);
    }
}
