using Interactions.Contracts.Binary;

namespace Interactions.Contracts.Batches;

/// <summary>The bytes of a batch's results. Most were accepted at one place, one after the other, and take no bytes of their own.</summary>
/// <remarks><code>
/// results := count position(of the first that was accepted) firstIndex others result*
/// result  := place code(1 byte), then if accepted: position index, else: retryAfterMs(signed)
/// </code>
/// Those that are not named were accepted at the position, with the first index and their place added up.</remarks>
public static class ResultCodec
{
    public static byte[] Encode(ItemResult[] results)
    {
        var writer = new ByteWriter(64);
        Write(writer, results);
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">These bytes are no results.</exception>
    public static ItemResult[] Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        var results = Read(reader);
        reader.End();
        return results;
    }

    public static void Write(ByteWriter writer, ItemResult[] results)
    {
        var first = Array.FindIndex(results, static result => result.IsAccepted);
        var (position, index) = first < 0 ? (Position.Start, 0) : (results[first].Position, Math.Max(0, results[first].Index - first));
        writer.Varint((ulong)results.Length);
        writer.Position(position);
        writer.Count(index);
        var others = 0;
        for (var i = 0; i < results.Length; i++) others += IsPlain(results[i], position, index + i) ? 0 : 1;
        writer.Count(others);
        for (var i = 0; i < results.Length; i++)
        {
            if (IsPlain(results[i], position, index + i)) continue;
            writer.Count(i);
            writer.Byte((byte)results[i].Code);
            if (results[i].IsAccepted)
            {
                writer.Position(results[i].Position);
                writer.Count(results[i].Index);
            }
            else
            {
                writer.Signed(results[i].RetryAfterMs);
            }
        }
    }

    /// <exception cref="InvalidDataException">These bytes are no results.</exception>
    public static ItemResult[] Read(ByteReader reader)
    {
        var count = reader.Index();
        if (count > MostResults) throw new InvalidDataException($"{count} results.");
        var results = new ItemResult[count];
        var (position, index) = (reader.Position(), reader.Index());
        for (var i = 0; i < count; i++) results[i] = ItemResult.Accepted(position, index + i);
        for (var left = reader.Count(); left > 0; left--)
        {
            var place = reader.Index();
            if (place >= count) throw new InvalidDataException($"Result {place} of {count}.");
            var code = (Code)reader.Byte();
            results[place] = code == Code.Accepted
                ? ItemResult.Accepted(reader.Position(), reader.Index())
                : ItemResult.Rejected(code, reader.Signed());
        }

        return results;
    }

    private const int MostResults = 1 << 20;

    private static bool IsPlain(in ItemResult result, in Position position, int index) =>
        result.IsAccepted && result.Index == index && result.Position == position;
}
