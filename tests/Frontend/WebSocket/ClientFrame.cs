using System.Buffers.Binary;
using System.Text;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>Frames as a client sends them, right and wrong ones; written without the code under test.</summary>
internal static class ClientFrame
{
    private static readonly byte[] Mask = [0x37, 0xFA, 0x21, 0x3D];

    public static byte[] Text(string text, bool final = true) => Make(1, Encoding.UTF8.GetBytes(text), final);

    public static byte[] Text(byte[] payload, bool final = true) => Make(1, payload, final);

    public static byte[] Binary(byte[] payload) => Make(2, payload);

    public static byte[] More(string text, bool final = false) => Make(0, Encoding.UTF8.GetBytes(text), final);

    public static byte[] More(byte[] payload, bool final = false) => Make(0, payload, final);

    public static byte[] Ping(string payload = "") => Make(9, Encoding.UTF8.GetBytes(payload));

    public static byte[] Pong(string payload = "") => Make(10, Encoding.UTF8.GetBytes(payload));

    public static byte[] Close() => Make(8, []);

    public static byte[] Close(int code, string reason = "") => Make(8, [(byte)(code >> 8), (byte)code, .. Encoding.UTF8.GetBytes(reason)]);

    public static byte[] Make(int opcode, byte[] payload, bool final = true, int rsv = 0, bool masked = true, int lengthBytes = -1, byte[]? mask = null)
    {
        mask ??= Mask;
        if (lengthBytes < 0) lengthBytes = payload.Length <= 125 ? 0 : payload.Length <= 65535 ? 2 : 8;
        var frame = new List<byte> { (byte)((final ? 0x80 : 0) | (rsv << 4) | opcode) };
        var flag = masked ? 0x80 : 0;
        var length = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(length, payload.Length);
        frame.Add((byte)(flag | lengthBytes switch { 0 => payload.Length, 2 => 126, _ => 127 }));
        frame.AddRange(length[(8 - lengthBytes)..]);
        if (masked) frame.AddRange(mask);
        for (var i = 0; i < payload.Length; i++) frame.Add((byte)(payload[i] ^ (masked ? mask[i % 4] : 0)));
        return [.. frame];
    }

    /// <summary>Only the first bytes of a frame: what it announces, and nothing of it.</summary>
    public static byte[] Head(int opcode, ulong length)
    {
        var head = new byte[14];
        head[0] = (byte)(0x80 | opcode);
        head[1] = 0xFF;
        BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(2), length);
        Mask.CopyTo(head, 10);
        return head;
    }
}
