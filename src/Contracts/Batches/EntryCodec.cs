using Interactions.Contracts.Binary;

namespace Interactions.Contracts.Batches;

/// <summary>The bytes of an entry's body.</summary>
/// <remarks><code>
/// body := version(1 byte) rules(1 byte) count batch*
/// </code>
/// Batches: <see cref="BatchCodec"/>.</remarks>
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
