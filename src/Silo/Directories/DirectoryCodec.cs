using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Binary;
using Interactions.Contracts.Directory;

namespace Interactions.Silo.Directories;

/// <summary>The bytes of a partition's entries and snapshots. Numbers of tags are stored in logs: never reuse one.</summary>
/// <remarks>
/// <code>
/// entry     := version(1 byte) count item*
/// item      := tag(1 byte) fields
///   1 IntentBegun        intent
///   2 RowShown           id creation(8 bytes) [intent] title status(1 byte)
///   3 StreamErased       id creation(8 bytes)
///   4 CreationCancelled  id creation(8 bytes) intent
///
/// snapshot  := version(1 byte) count row* count intent* count tombstone*
/// row       := flags(1 is being deleted) id owner title status(1 byte) creation(8 bytes) createdAtMs(signed) [store]
/// intent    := name kind(1 byte) row flag(1 has settings) [patch]
/// tombstone := id creation(8 bytes) atMs(signed)
/// </code>
/// Texts are UTF-8 after their length, those in brackets after a byte 0 or 1; numbers are LEB128 varints, signed ones zigzag.
/// Changes of settings: <see cref="PatchCodec"/>.
/// </remarks>
internal static class DirectoryCodec
{
    private const byte Version = 1;

    public static byte[] Encode(IReadOnlyList<DirectoryItem> items)
    {
        var writer = new ByteWriter();
        writer.Byte(Version);
        writer.Count(items.Count);
        foreach (var item in items) Write(writer, item);
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">These bytes are no entry, or one of a later version.</exception>
    public static DirectoryItem[] Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = Begin(bytes);
        var items = new DirectoryItem[reader.Count()];
        for (var i = 0; i < items.Length; i++) items[i] = ReadItem(reader);
        reader.End();
        return items;
    }

    public static byte[] Save(DirectoryState state)
    {
        var writer = new ByteWriter(1024);
        writer.Byte(Version);
        writer.Count(state.Rows.All.Count + state.Deleting.Count);
        foreach (var row in state.Rows.All) Write(writer, row);
        foreach (var row in state.Deleting) Write(writer, row);
        writer.Count(state.Intents.Count);
        foreach (var intent in state.Intents) Write(writer, intent);
        writer.Count(state.Tombstones.Count);
        foreach (var (id, creation, atMs) in state.Tombstones)
        {
            Write(writer, id, creation);
            writer.Signed(atMs);
        }

        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">These bytes are no snapshot, or one of a later version.</exception>
    public static DirectoryState Load(ReadOnlyMemory<byte> bytes)
    {
        var reader = Begin(bytes);
        var rows = new DirectoryRow[reader.Count()];
        for (var i = 0; i < rows.Length; i++) rows[i] = ReadRow(reader);
        var intents = new DirectoryIntent[reader.Count()];
        for (var i = 0; i < intents.Length; i++) intents[i] = ReadIntent(reader);
        var tombstones = new Tombstone[reader.Count()];
        for (var i = 0; i < tombstones.Length; i++) tombstones[i] = new Tombstone(reader.Text(), reader.Fixed64(), reader.Signed());
        reader.End();
        var state = new DirectoryState();
        state.Restore(rows, intents, tombstones);
        return state;
    }

    private static ByteReader Begin(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var version = reader.Byte();
        return version == Version ? reader : throw new InvalidDataException($"A directory of version {version}; this reads {Version}.");
    }

    private static void Write(ByteWriter writer, DirectoryItem item)
    {
        switch (item)
        {
            case IntentBegun begun:
                writer.Byte(1);
                Write(writer, begun.Intent);
                break;
            case RowShown shown:
                writer.Byte(2);
                Write(writer, shown.Id, shown.Creation);
                writer.TextOrNull(shown.Intent);
                writer.Text(shown.Title);
                writer.Byte((byte)shown.Status);
                break;
            case StreamErased erased:
                writer.Byte(3);
                Write(writer, erased.Id, erased.Creation);
                break;
            case CreationCancelled cancelled:
                writer.Byte(4);
                Write(writer, cancelled.Id, cancelled.Creation);
                writer.Text(cancelled.Intent);
                break;
            default:
                throw new ArgumentException($"{item.GetType().Name} has no tag.", nameof(item));
        }
    }

    private static DirectoryItem ReadItem(ByteReader reader) => reader.Byte() switch
    {
        1 => new IntentBegun(ReadIntent(reader)),
        2 => new RowShown(reader.Text(), reader.Fixed64(), reader.TextOrNull(), reader.Text(), reader.Status()),
        3 => new StreamErased(reader.Text(), reader.Fixed64()),
        4 => new CreationCancelled(reader.Text(), reader.Fixed64(), reader.Text()),
        var tag => throw new InvalidDataException($"{tag} is no directory item's tag."),
    };

    private static void Write(ByteWriter writer, string id, ulong creation)
    {
        writer.Text(id);
        writer.Fixed64(creation);
    }

    private static void Write(ByteWriter writer, DirectoryRow row)
    {
        writer.Byte(row.IsDeleting ? (byte)1 : (byte)0);
        writer.Text(row.Id);
        writer.Text(row.Owner);
        writer.Text(row.Title);
        writer.Byte((byte)row.Status);
        writer.Fixed64(row.Creation);
        writer.Signed(row.CreatedAtMs);
        writer.TextOrNull(row.Store);
    }

    private static DirectoryRow ReadRow(ByteReader reader)
    {
        var isDeleting = reader.Flags(1) != 0;
        return new DirectoryRow(
            reader.Text(), reader.Text(), reader.Text(), reader.Status(), reader.Fixed64(), reader.Signed(), reader.TextOrNull(), isDeleting);
    }

    private static void Write(ByteWriter writer, DirectoryIntent intent)
    {
        writer.Text(intent.Name);
        writer.Byte((byte)intent.Kind);
        Write(writer, intent.Row);
        writer.Bool(intent.Settings is not null);
        if (intent.Settings is { } patch) PatchCodec.Write(writer, patch);
    }

    private static DirectoryIntent ReadIntent(ByteReader reader) =>
        new(reader.Text(), ReadKind(reader), ReadRow(reader), reader.Bool() ? PatchCodec.Read(reader) : null);

    private static DirectoryIntentKind ReadKind(ByteReader reader) => reader.Byte() switch
    {
        var kind and <= (byte)DirectoryIntentKind.Delete => (DirectoryIntentKind)kind,
        var kind => throw new InvalidDataException($"{kind} is no intent's kind."),
    };
}
