namespace Interactions.Tests.EndToEnd.Observability;

/// <summary>Reads fields of a message by number, without its schema (protobuf.dev/programming-guides/encoding).</summary>
internal static class Protobuf
{
    /// <summary>What lies at the end of a path of field numbers, each of a length-delimited field.</summary>
    public static IEnumerable<byte[]> At(byte[] message, params int[] path) =>
        path.Length == 0 ? [message] : Fields(message, path[0]).SelectMany(field => At(field, path[1..]));

    private static List<byte[]> Fields(byte[] message, int wanted)
    {
        var found = new List<byte[]>();
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            switch (tag & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    if ((int)(tag >> 3) == wanted) found.Add(message[at..(at + length)]);
                    at += length;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"There is no wire type {tag & 7}.");
            }
        }

        return found;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
    }
}
