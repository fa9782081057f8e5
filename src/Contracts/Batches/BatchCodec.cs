using Interactions.Contracts.Binary;

namespace Interactions.Contracts.Batches;

/// <summary>The bytes of a batch. Numbers of tags are stored in logs: never reuse one.</summary>
/// <remarks>
/// <code>
/// batch     := frontend sequence(signed) oldestMs(signed) count item*
/// item      := tag(1 byte) fields
///   1 Submitted      flags(1 moderates, 2 has a key, 4 name differs from user) user [name] [key: 16 bytes] interaction
///   2 Taps           kind count(signed)
///   3 Configured     owner seed(8 bytes) patch
///   4 StatusSet      status(1 byte)
///   5 ViewersCounted count(signed)
///   6 FrontendGone   frontend
///   7 RosterJoined   user name
///   8 RosterLeft     user
///   9 Rejected       code(1 byte) retryAfterMs(signed)
/// </code>
/// Texts are UTF-8 after their length; numbers are LEB128 varints, signed ones zigzag.
/// Interactions: <see cref="InteractionCodec"/>; changes of settings: <see cref="PatchCodec"/>.
/// </remarks>
public static class BatchCodec
{
    public static byte[] Encode(Batch batch)
    {
        var writer = new ByteWriter();
        Write(writer, batch);
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">These bytes are no batch.</exception>
    public static Batch Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var batch = Read(reader);
        reader.End();
        return batch;
    }

    public static void Write(ByteWriter writer, Batch batch)
    {
        writer.Text(batch.Frontend);
        writer.Signed(batch.Sequence);
        writer.Signed(batch.OldestMs);
        writer.Count(batch.Items.Count);
        foreach (var item in batch.Items) Write(writer, item);
    }

    /// <exception cref="InvalidDataException">These bytes are no batch.</exception>
    public static Batch Read(ByteReader reader)
    {
        var (frontend, sequence, oldestMs) = (reader.Text(), reader.Signed(), reader.Signed());
        var items = new BatchItem[reader.Count()];
        for (var i = 0; i < items.Length; i++) items[i] = ReadItem(reader);
        return new Batch(frontend, sequence, oldestMs, items);
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
                PatchCodec.Write(writer, configured.Patch);
                break;
            case StatusSet set:
                writer.Byte(4);
                writer.Byte((byte)set.Status);
                break;
            case ViewersCounted counted:
                writer.Byte(5);
                writer.Signed(counted.Count);
                break;
            case FrontendGone gone:
                writer.Byte(6);
                writer.Text(gone.Frontend);
                break;
            case RosterJoined joined:
                writer.Byte(7);
                writer.Text(joined.User);
                writer.Text(joined.Name);
                break;
            case RosterLeft left:
                writer.Byte(8);
                writer.Text(left.User);
                break;
            case Rejected rejected:
                writer.Byte(9);
                writer.Byte((byte)rejected.Code);
                writer.Signed(rejected.RetryAfterMs);
                break;
            default:
                throw new ArgumentException($"{item.GetType().Name} has no tag.", nameof(item));
        }
    }

    private static BatchItem ReadItem(ByteReader reader) => reader.Byte() switch
    {
        1 => ReadSubmitted(reader),
        2 => new Taps(reader.Text(), reader.Signed()),
        3 => new Configured(reader.Text(), reader.Fixed64(), PatchCodec.Read(reader)),
        4 => new StatusSet(reader.Status()),
        5 => new ViewersCounted(reader.Signed32()),
        6 => new FrontendGone(reader.Text()),
        7 => new RosterJoined(reader.Text(), reader.Text()),
        8 => new RosterLeft(reader.Text()),
        9 => new Rejected((Code)reader.Byte(), reader.Signed()),
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
        var flags = reader.Flags(7);
        var user = reader.Text();
        var name = (flags & 4) != 0 ? reader.Text() : user;
        var key = (flags & 2) != 0 ? reader.Fixed128() : 0;
        return new Submitted(user, name, (flags & 1) != 0, key, InteractionCodec.Read(reader));
    }
}
