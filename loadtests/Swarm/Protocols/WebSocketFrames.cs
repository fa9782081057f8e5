using System.Buffers.Binary;

namespace Interactions.LoadTests.Swarm.Protocols;

/// <summary>RFC 6455, 5.2, as far as servers use it towards clients that offered no extension: unmasked, unfragmented.</summary>
/// <remarks>
/// <code>
/// | FIN 1 | 0 3 | opcode 4 | mask 1 | length 7 | length 16 if 126, 64 if 127 | mask key 32 if masked | payload |
/// </code>
/// </remarks>
internal static class WebSocketFrames
{
    public const int Text = 1;
    public const int Binary = 2;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    private const byte Final = 0x80;
    private const byte Masked = 0x80;

    /// <returns>The frame's length in all; 0 = it is not all there.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, out int opcode, out ReadOnlySpan<byte> payload)
    {
        opcode = 0;
        payload = default;
        if (bytes.Length < 2) return 0;
        if ((bytes[0] & Final) == 0 || (bytes[1] & Masked) != 0) throw new FormatException("A frame is fragmented or masked, which no server here does.");
        opcode = bytes[0] & 0xF;
        long length = bytes[1];
        var start = 2;
        if (length == 126)
        {
            if (bytes.Length < 4) return 0;
            (length, start) = (BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), 4);
        }
        else if (length == 127)
        {
            if (bytes.Length < 10) return 0;
            (length, start) = (BinaryPrimitives.ReadInt64BigEndian(bytes[2..]), 10);
        }

        if (bytes.Length < start + length) return 0;
        payload = bytes.Slice(start, (int)length);
        return start + (int)length;
    }

    /// <summary>A client's frame. Its mask is all zeros: a mask like any other to the server, and free here.</summary>
    public static byte[] Client(int opcode, ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[payload.Length + 14];
        var head = WriteHead(bytes, opcode, payload.Length);
        payload.CopyTo(bytes.AsSpan(head));
        return bytes[..(head + payload.Length)];
    }

    /// <returns>The head's length.</returns>
    public static int WriteHead(Span<byte> into, int opcode, int length)
    {
        into[0] = (byte)(Final | opcode);
        var at = 2;
        if (length < 126)
        {
            into[1] = (byte)(Masked | length);
        }
        else if (length < 65536)
        {
            into[1] = Masked | 126;
            BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)length);
            at = 4;
        }
        else
        {
            into[1] = Masked | 127;
            BinaryPrimitives.WriteInt64BigEndian(into[2..], length);
            at = 10;
        }

        into.Slice(at, 4).Clear();
        return at + 4;
    }
}
