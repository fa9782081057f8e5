using Interactions.Contracts.Binary;

namespace Interactions.Contracts.Batches;

/// <summary>
/// The bytes of a batch. Numbers of tags are stored in logs: never reuse one.
/// </summary>
/// <remarks>
/// <code>
/// batch     := version(1 byte) oldestMs(signed) count item*
/// item      := tag(1 byte) fields
///   1 Submitted      flags(1 moderates, 2 has a key, 4 name differs from user) user [name] [key: 16 bytes] interaction
///   2 Taps           kind count(signed)
///   3 Configured     owner seed(8 bytes) patch
///   4 StatusSet      status(1 byte)
///   5 ViewersCounted node count(signed)
///   6 NodeGone       node
///   7 RosterJoined   node user name
///   8 RosterLeft     node user
///   9 StreamListed   id owner title status(1 byte) seed(8 bytes) createdAtMs(signed)
///  10 StreamUnlisted id
///  11 NodeLease      node
///  12 StreamListed   as 9, then store
///  13 StreamChanging id seed(8 bytes) change has-creation(1 byte) [patch]
///  14 StreamChanged  id seed(8 bytes) title status(1 byte) change?
///  15 StreamDeleting id seed(8 bytes) change
///  16 StreamUnlisted as 10, then seed(8 bytes)
/// patch     := flags(1 title, 2 reactions, 4 tap, 8 slow mode, 16 length, 32 roster) then the named fields, in that order
/// </code>
/// Texts are UTF-8 after their length; numbers are LEB128 varints, signed ones zigzag.
/// Interactions: <see cref="InteractionCodec"/>.
/// </remarks>
public static class BatchCodec
{
    private const byte Version = 1;

    public static byte[] Encode(Batch batch)
    {
        var writer = new ByteWriter();
        writer.Byte(Version);
        writer.Signed(batch.OldestMs);
        writer.Count(batch.Items.Count);
        foreach (var item in batch.Items) Write(writer, item);
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">These bytes are no batch, or one of a later version.</exception>
    public static Batch Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var version = reader.Byte();
        if (version != Version) throw new InvalidDataException($"A batch of version {version}; this reads {Version}.");
        var oldestMs = reader.Signed();
        var items = new BatchItem[reader.Count()];
        for (var i = 0; i < items.Length; i++) items[i] = Read(reader);
        reader.End();
        return new Batch(oldestMs, items);
    }

    private static void Write(ByteWriter writer, BatchItem item)
    {
        switch (item)
        {
            case Submitted submitted:
                writer.Byte(1);
                WriteSubmitted(writer, submitted);
                break;
            case Taps taps:
                writer.Byte(2);
                writer.Text(taps.Kind);
                writer.Signed(taps.Count);
                break;
            case Configured configured:
                writer.Byte(3);
                writer.Text(configured.Owner);
                writer.Fixed64(configured.Seed);
                WritePatch(writer, configured.Patch);
                break;
            case StatusSet set:
                writer.Byte(4);
                writer.Byte((byte)set.Status);
                break;
            case ViewersCounted counted:
                writer.Byte(5);
                writer.Text(counted.Node);
                writer.Signed(counted.Count);
                break;
            case NodeGone gone:
                writer.Byte(6);
                writer.Text(gone.Node);
                break;
            case RosterJoined joined:
                writer.Byte(7);
                writer.Text(joined.Node);
                writer.Text(joined.User);
                writer.Text(joined.Name);
                break;
            case RosterLeft left:
                writer.Byte(8);
                writer.Text(left.Node);
                writer.Text(left.User);
                break;
            case StreamListed listed:
                writer.Byte((byte)(listed.Store is null ? 9 : 12));
                writer.Text(listed.Id);
                writer.Text(listed.Owner);
                writer.Text(listed.Title);
                writer.Byte((byte)listed.Status);
                writer.Fixed64(listed.Seed);
                writer.Signed(listed.CreatedAtMs);
                if (listed.Store is { } store) writer.Text(store);
                break;
            case StreamUnlisted unlisted:
                writer.Byte((byte)(unlisted.Seed is null ? 10 : 16));
                writer.Text(unlisted.Id);
                if (unlisted.Seed is { } unlistedSeed) writer.Fixed64(unlistedSeed);
                break;
            case StreamChanging changing:
                writer.Byte(13);
                writer.Text(changing.Id);
                writer.Fixed64(changing.Seed);
                writer.Text(changing.Change);
                writer.Bool(changing.Creation is not null);
                if (changing.Creation is { } creation) WritePatch(writer, creation);
                break;
            case StreamChanged changed:
                writer.Byte(14);
                writer.Text(changed.Id);
                writer.Fixed64(changed.Seed);
                writer.Text(changed.Title);
                writer.Byte((byte)changed.Status);
                writer.TextOrNull(changed.Change);
                break;
            case StreamDeleting deleting:
                writer.Byte(15);
                writer.Text(deleting.Id);
                writer.Fixed64(deleting.Seed);
                writer.Text(deleting.Change);
                break;
            case NodeLease lease:
                writer.Byte(11);
                writer.Text(lease.Node);
                break;
            default:
                throw new ArgumentException($"{item.GetType().Name} has no tag.", nameof(item));
        }
    }

    private static BatchItem Read(ByteReader reader) => reader.Byte() switch
    {
        1 => ReadSubmitted(reader),
        2 => new Taps(reader.Text(), reader.Signed()),
        3 => new Configured(reader.Text(), reader.Fixed64(), ReadPatch(reader)),
        4 => new StatusSet(ReadStatus(reader)),
        5 => new ViewersCounted(reader.Text(), reader.Signed32()),
        6 => new NodeGone(reader.Text()),
        7 => new RosterJoined(reader.Text(), reader.Text(), reader.Text()),
        8 => new RosterLeft(reader.Text(), reader.Text()),
        9 => new StreamListed(reader.Text(), reader.Text(), reader.Text(), ReadStatus(reader), reader.Fixed64(), reader.Signed()),
        10 => new StreamUnlisted(reader.Text()),
        11 => new NodeLease(reader.Text()),
        12 => new StreamListed(reader.Text(), reader.Text(), reader.Text(), ReadStatus(reader), reader.Fixed64(), reader.Signed(), reader.Text()),
        13 => new StreamChanging(reader.Text(), reader.Fixed64(), reader.Text(), reader.Bool() ? ReadPatch(reader) : null),
        14 => new StreamChanged(reader.Text(), reader.Fixed64(), reader.Text(), ReadStatus(reader), reader.TextOrNull()),
        15 => new StreamDeleting(reader.Text(), reader.Fixed64(), reader.Text()),
        16 => new StreamUnlisted(reader.Text(), reader.Fixed64()),
        var tag => throw new InvalidDataException($"{tag} is no batch item's tag."),
    };

    private static void WriteSubmitted(ByteWriter writer, Submitted item)
    {
        var hasKey = item.Key != 0;
        var hasName = item.Name != item.User;
        writer.Byte((byte)((item.Moderates ? 1 : 0) | (hasKey ? 2 : 0) | (hasName ? 4 : 0)));
        writer.Text(item.User);
        if (hasName) writer.Text(item.Name);
        if (hasKey) writer.Fixed128(item.Key);
        InteractionCodec.Write(writer, item.Interaction);
    }

    private static Submitted ReadSubmitted(ByteReader reader)
    {
        var flags = Flags(reader, 7);
        var user = reader.Text();
        var name = (flags & 4) != 0 ? reader.Text() : user;
        var key = (flags & 2) != 0 ? reader.Fixed128() : 0;
        return new Submitted(user, name, (flags & 1) != 0, key, InteractionCodec.Read(reader));
    }

    private static void WritePatch(ByteWriter writer, SettingsPatch patch)
    {
        writer.Byte((byte)((patch.Title is null ? 0 : 1) | (patch.Reactions is null ? 0 : 2) | (patch.Tap is null ? 0 : 4)
            | (patch.SlowModeSeconds is null ? 0 : 8) | (patch.MaxCommentLength is null ? 0 : 16) | (patch.Roster is null ? 0 : 32)));
        if (patch.Title is { } title) writer.Text(title);
        if (patch.Reactions is { } reactions) writer.Texts(reactions);
        if (patch.Tap is { } tap) writer.Bool(tap);
        if (patch.SlowModeSeconds is { } seconds) writer.Signed(seconds);
        if (patch.MaxCommentLength is { } length) writer.Signed(length);
        if (patch.Roster is { } roster) writer.Bool(roster);
    }

    private static SettingsPatch ReadPatch(ByteReader reader)
    {
        var flags = Flags(reader, 63);
        return new SettingsPatch(
            (flags & 1) != 0 ? reader.Text() : null,
            (flags & 2) != 0 ? reader.Texts() : null,
            (flags & 4) != 0 ? reader.Bool() : null,
            (flags & 8) != 0 ? reader.Signed32() : null,
            (flags & 16) != 0 ? reader.Signed32() : null,
            (flags & 32) != 0 ? reader.Bool() : null);
    }

    private static StreamStatus ReadStatus(ByteReader reader)
    {
        var status = reader.Byte();
        return status <= (byte)StreamStatus.Ended ? (StreamStatus)status : throw new InvalidDataException($"{status} is no status.");
    }

    private static byte Flags(ByteReader reader, byte known)
    {
        var flags = reader.Byte();
        return (flags & ~known) == 0 ? flags : throw new InvalidDataException($"Unknown flags in {flags}.");
    }
}
