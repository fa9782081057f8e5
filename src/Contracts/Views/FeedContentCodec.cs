using Interactions.Contracts.Binary;
using Interactions.Contracts.Effects;

namespace Interactions.Contracts.Views;

/// <summary>The bytes of what a frontend is given when it subscribes.</summary>
/// <remarks><code>
/// content := version(1 byte) hasView(1 byte) [position changes] start count [position(of the first entry) changes*]
/// </code>
/// Changes: <see cref="EffectCodec"/>. The entries follow one another in one epoch, so that the first one's position is enough.</remarks>
internal static class FeedContentCodec
{
    private const byte Version = 1;

    /// <exception cref="ArgumentException">The entries do not follow one another.</exception>
    public static byte[] Encode(FeedContent content)
    {
        var (writer, scratch) = (new ByteWriter(4096), new ByteWriter());
        writer.Byte(Version);
        writer.Bool(content.View is not null);
        if (content.View is { } view)
        {
            writer.Position(view.Position);
            EffectCodec.Write(writer, view, scratch);
        }

        writer.Position(content.Start);
        writer.Count(content.Entries.Count);
        for (var i = 0; i < content.Entries.Count; i++)
        {
            var (entry, first) = (content.Entries[i], content.Entries[0].Position);
            if (i == 0) writer.Position(first);
            else if (entry.Position != At(first, i)) throw new ArgumentException($"{entry.Position} is not {i} after {first}.", nameof(content));
            EffectCodec.Write(writer, entry, scratch);
        }

        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">These bytes are no content, or one of a later version.</exception>
    public static FeedContent Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var version = reader.Byte();
        if (version != Version) throw new InvalidDataException($"A feed's content of version {version}; this reads {Version}.");
        var view = reader.Bool() ? EffectCodec.Read(reader, reader.Position()) : null;
        var (start, entries) = (reader.Position(), new EntryEffects[reader.Count()]);
        var first = entries.Length > 0 ? reader.Position() : Position.Start;
        for (var i = 0; i < entries.Length; i++) entries[i] = EffectCodec.Read(reader, At(first, i));
        reader.End();
        return new FeedContent(view, start, entries);
    }

    private static Position At(Position first, int count) => first with { Offset = first.Offset + count };
}
