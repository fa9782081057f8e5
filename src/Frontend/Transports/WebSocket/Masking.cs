using System.Numerics;
using System.Runtime.InteropServices;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>RFC 6455, 5.3: every byte a client sends is combined with one of the mask's four by exclusive or.</summary>
internal static class Masking
{
    /// <summary>Masks or unmasks in place.</summary>
    /// <param name="mask">The four bytes as they are in memory.</param>
    /// <param name="at">How far into the frame's payload the bytes begin.</param>
    public static void Apply(Span<byte> bytes, uint mask, int at)
    {
        var turn = 8 * (at & 3);
        var key = BitConverter.IsLittleEndian ? BitOperations.RotateRight(mask, turn) : BitOperations.RotateLeft(mask, turn);
        if (key == 0) return;

        var done = 0;
        if (bytes.Length >= Vector<byte>.Count)
        {
            var keys = Vector.AsVectorByte(new Vector<uint>(key));
            var wide = MemoryMarshal.Cast<byte, Vector<byte>>(bytes);
            foreach (ref var lane in wide) lane ^= keys;
            done = wide.Length * Vector<byte>.Count;
        }

        // Vectors are a multiple of four bytes, so the key's turn is still right.
        var words = MemoryMarshal.Cast<byte, uint>(bytes[done..]);
        foreach (ref var word in words) word ^= key;
        done += words.Length * sizeof(uint);

        var keyBytes = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in key));
        for (var i = done; i < bytes.Length; i++) bytes[i] ^= keyBytes[i & 3];
    }
}
