using System.Buffers.Binary;
using System.Text.Unicode;

namespace Interactions.Frontend.Wire;

/// <summary>
/// Frames as a server sends them: whole and unmasked, so that the bytes of one can be sent to everyone.
/// <code>
/// +---------------+-----------------+----------------------+---------+
/// | FIN 000 opcode| 0 length        | length, big endian   | payload |
/// | 1 byte        | 0..125, 126, 127| 0, 2 or 8 bytes      |         |
/// +---------------+-----------------+----------------------+---------+
/// </code>
/// </summary>
internal static class ServerFrame
{
    /// <summary>The most that <see cref="HeadBytes"/> says.</summary>
    public const int LongestHeadBytes = 10;

    private const byte Final = 0x80;
    private const int LongestControlBytes = 125;

    /// <summary>A ping without payload; an answer to it need not be told from others.</summary>
    public static readonly ReadOnlyMemory<byte> Ping = Encode(Opcode.Ping, []);

    /// <summary>A text message out of parts that follow each other.</summary>
    public static byte[] Text(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> rest = default) => Encode(Opcode.Text, payload, rest);

    /// <param name="payload">The ping's.</param>
    public static byte[] Pong(ReadOnlySpan<byte> payload) => Encode(Opcode.Pong, payload);

    /// <param name="reason">For people; what does not fit into a control frame is cut off.</param>
    public static byte[] Close(int code, string reason)
    {
        Span<byte> payload = stackalloc byte[LongestControlBytes];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        Utf8.FromUtf16(reason, payload[2..], out _, out var length);
        return Encode(Opcode.Close, payload[..(2 + length)]);
    }

    /// <param name="length">The payload's, in bytes.</param>
    public static int HeadBytes(int length) => length <= 125 ? 2 : length <= ushort.MaxValue ? 4 : LongestHeadBytes;

    /// <param name="head">As long as <see cref="HeadBytes"/> says.</param>
    public static void WriteHead(Span<byte> head, Opcode opcode, int length)
    {
        head[0] = (byte)(Final | (byte)opcode);
        switch (head.Length)
        {
            case 2:
                head[1] = (byte)length;
                break;
            case 4:
                head[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)length);
                break;
            default:
                head[1] = 127;
                BinaryPrimitives.WriteInt64BigEndian(head[2..], length);
                break;
        }
    }

    private static byte[] Encode(Opcode opcode, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> rest = default)
    {
        var length = payload.Length + rest.Length;
        var head = HeadBytes(length);
        var frame = new byte[head + length];
        WriteHead(frame.AsSpan(0, head), opcode, length);
        payload.CopyTo(frame.AsSpan(head));
        rest.CopyTo(frame.AsSpan(head + payload.Length));
        return frame;
    }
}
