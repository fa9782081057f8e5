using Interactions.Contracts.Binary;

namespace Interactions.Contracts.Effects;

/// <summary>The bytes of what an entry changed, as frontends and other regions are sent it. Never reuse a tag.</summary>
/// <remarks>
/// <code>
/// entry   := version(1 byte) position changes
/// changes := atMs(signed) oldestMs(signed) count effect*
/// effect  := size tag(1 byte) fields
///   1 TotalChanged     kind change(signed) total(signed)
///   2 CommentShown     shadow(1 byte) comment
///   3 CommentHidden    id onlyFor?
///   4 PinChanged       comment?
///   5 CueSent          cue
///   6 PollChanged      poll openedAtMs(signed) region
///   7 SettingsChanged  settings owner created(1 byte)
///   8 LifecycleChanged status(1 byte) startedAtMs(signed) endedAtMs(signed)
///   9 OccupancyChanged viewers(signed)
///  10 MemberJoined     member
///  11 MemberLeft       user
///  12 RosterOpened     count member*
///  13 RosterClosed
///  14 BanChanged       flags(1 shadow, 2 told) user untilMs(signed)
/// </code>
/// Comments, cues, polls, settings, members: <see cref="ShownCodec"/>. A size counts what follows it, the tag included. An effect with
/// a tag above these is one of a later version: it is skipped, for a reader that does not know it could not show it either. Bytes
/// behind the last field of an effect are fields of a later version, and skipped too. So a later version may add effects, and fields
/// at the end of an effect (never inside); it has to tell by those that are here whatever they tell today, and to do without the
/// fields that an earlier version does not write.
/// </remarks>
public static class EffectCodec
{
    private const byte Version = 1;
    private const byte LastTag = 14;

    public static byte[] Encode(EntryEffects entry)
    {
        var writer = new ByteWriter();
        writer.Byte(Version);
        writer.Position(entry.Position);
        Write(writer, entry, new ByteWriter());
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">These bytes are no entry's effects, or of a later version.</exception>
    public static EntryEffects Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var version = reader.Byte();
        if (version != Version) throw new InvalidDataException($"Effects of version {version}; this reads {Version}.");
        var entry = Read(reader, reader.Position());
        reader.End();
        return entry;
    }

    /// <summary>Writes everything but the position.</summary>
    /// <param name="scratch">Any writer; what it holds is lost.</param>
    internal static void Write(ByteWriter writer, EntryEffects entry, ByteWriter scratch)
    {
        writer.Signed(entry.AtMs);
        writer.Signed(entry.OldestMs);
        writer.Count(entry.Effects.Count);
        for (var i = 0; i < entry.Effects.Count; i++)
        {
            scratch.Clear();
            Write(scratch, entry.Effects[i]);
            writer.Blob(scratch.Written);
        }
    }

    internal static EntryEffects Read(ByteReader reader, Position position)
    {
        var (atMs, oldestMs, count) = (reader.Signed(), reader.Signed(), reader.Count());
        var effects = new List<ViewEffect>(count);
        for (; count > 0; count--)
        {
            var fields = reader.Nested();
            var tag = fields.Byte();
            if (tag > LastTag) continue;
            effects.Add(ReadEffect(fields, tag)); // what follows its fields is of a later version
        }

        return new EntryEffects(position, atMs, oldestMs, effects);
    }

    private static void Write(ByteWriter writer, ViewEffect effect)
    {
        switch (effect)
        {
            case TotalChanged total:
                writer.Byte(1);
                writer.Text(total.Kind);
                writer.Signed(total.Change);
                writer.Signed(total.Total);
                break;
            case CommentShown shown:
                writer.Byte(2);
                writer.Bool(shown.Shadow);
                ShownCodec.Write(writer, shown.Comment);
                break;
            case CommentHidden hidden:
                writer.Byte(3);
                writer.Text(hidden.Id);
                writer.TextOrNull(hidden.OnlyFor);
                break;
            case PinChanged pin:
                writer.Byte(4);
                writer.Bool(pin.Comment is not null);
                if (pin.Comment is not null) ShownCodec.Write(writer, pin.Comment);
                break;
            case CueSent cue:
                writer.Byte(5);
                ShownCodec.Write(writer, cue.Cue);
                break;
            case PollChanged poll:
                writer.Byte(6);
                ShownCodec.Write(writer, poll.Poll);
                writer.Signed(poll.OpenedAtMs);
                writer.Text(poll.Region);
                break;
            case SettingsChanged changed:
                writer.Byte(7);
                ShownCodec.Write(writer, changed.Settings);
                writer.Text(changed.Owner);
                writer.Bool(changed.Created);
                break;
            case LifecycleChanged lifecycle:
                writer.Byte(8);
                writer.Byte((byte)lifecycle.Status);
                writer.Signed(lifecycle.StartedAtMs);
                writer.Signed(lifecycle.EndedAtMs);
                break;
            case OccupancyChanged occupancy:
                writer.Byte(9);
                writer.Signed(occupancy.Viewers);
                break;
            case MemberJoined joined:
                writer.Byte(10);
                ShownCodec.Write(writer, joined.Member);
                break;
            case MemberLeft left:
                writer.Byte(11);
                writer.Text(left.User);
                break;
            case RosterOpened opened:
                writer.Byte(12);
                writer.Count(opened.Members.Count);
                foreach (var member in opened.Members) ShownCodec.Write(writer, member);
                break;
            case RosterClosed:
                writer.Byte(13);
                break;
            case BanChanged ban:
                writer.Byte(14);
                writer.Byte((byte)((ban.Shadow ? 1 : 0) | (ban.IsTold ? 2 : 0)));
                writer.Text(ban.User);
                writer.Signed(ban.UntilMs);
                break;
            default:
                throw new ArgumentException($"{effect.GetType().Name} has no tag.", nameof(effect));
        }
    }

    private static ViewEffect ReadEffect(ByteReader reader, byte tag) => tag switch
    {
        1 => new TotalChanged(reader.Text(), reader.Signed(), reader.Signed()),
        2 when reader.Bool() is var shadow => new CommentShown(ShownCodec.ReadComment(reader), shadow),
        3 => new CommentHidden(reader.Text(), reader.TextOrNull()),
        4 => new PinChanged(reader.Bool() ? ShownCodec.ReadComment(reader) : null),
        5 => new CueSent(ShownCodec.ReadCue(reader)),
        6 => new PollChanged(ShownCodec.ReadPoll(reader), reader.Signed(), reader.Text()),
        7 => new SettingsChanged(ShownCodec.ReadSettings(reader), reader.Text(), reader.Bool()),
        8 => new LifecycleChanged(reader.Status(), reader.Signed(), reader.Signed()),
        9 => new OccupancyChanged(reader.Signed32()),
        10 => new MemberJoined(ShownCodec.ReadMember(reader)),
        11 => new MemberLeft(reader.Text()),
        12 => ReadRoster(reader),
        13 => new RosterClosed(),
        14 => ReadBan(reader),
        _ => throw new InvalidDataException($"{tag} is no effect's tag."),
    };

    private static RosterOpened ReadRoster(ByteReader reader)
    {
        var members = new Frames.RosterMember[reader.Count()];
        for (var i = 0; i < members.Length; i++) members[i] = ShownCodec.ReadMember(reader);
        return new RosterOpened(members);
    }

    private static BanChanged ReadBan(ByteReader reader)
    {
        var flags = reader.Flags(3);
        return new BanChanged(reader.Text(), reader.Signed(), (flags & 1) != 0, (flags & 2) != 0);
    }
}
