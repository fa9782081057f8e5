using Interactions.Contracts.Binary;

namespace Interactions.Contracts.Batches;

/// <summary>The bytes of an entry's body.</summary>
/// <remarks><code>
/// body := version(1 byte) rules(1 byte) count batch*
/// </code>
/// Batches: <see cref="BatchCodec"/>. Another version of these bytes comes with another version of the rules, which stands in the second
/// byte in any version.</remarks>
public static class EntryCodec
{
    private const byte Version = 1;

    public static byte[] Encode(EntryBody body)
    {
        var writer = new ByteWriter();
        writer.Byte(Version);
        writer.Byte(body.Rules);
        writer.Count(body.Batches.Count);
        foreach (var batch in body.Batches) BatchCodec.Write(writer, batch);
        return writer.ToArray();
    }

    /// <summary>By which rules the entry was decided: also to be told when <see cref="Decode"/> can't read it.</summary>
    /// <exception cref="InvalidDataException">These bytes are no body.</exception>
    public static byte RulesOf(ReadOnlyMemory<byte> bytes) => bytes.Length > 1 ? bytes.Span[1] : throw new InvalidDataException("The entry has no body.");

    /// <exception cref="InvalidDataException">These bytes are no body, or one of a later version.</exception>
    public static EntryBody Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var version = reader.Byte();
        if (version != Version) throw new InvalidDataException($"An entry of version {version}; this reads {Version}.");
        var rules = reader.Byte();
        var batches = new Batch[reader.Count()];
        for (var i = 0; i < batches.Length; i++) batches[i] = BatchCodec.Read(reader);
        reader.End();
        return new EntryBody(rules, batches);
    }
}
