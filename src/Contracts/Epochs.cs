using System.Buffers.Binary;

namespace Interactions.Contracts;

/// <summary>Makes names of a log's lives: random, so that no two are ever equal. They are no secrets.</summary>
public static class Epochs
{
    /// <summary>Longest epoch that a <see cref="Position"/> parses, in characters.</summary>
    public const int MaxLength = 32;

    private const int Length = 12;
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>12 characters of <c>0-9 a-z</c>: 62 random bits.</summary>
    /// <remarks>
    /// The randomness of a version 4 UUID, which the system gives, without the fixed bits in its middle (RFC 9562, 5.4). What is made for
    /// secrets would load OpenSSL into every process, 6 MB, before there is a stream or a token.
    /// </remarks>
    public static string New() => string.Create(Length, Guid.NewGuid(), static (text, random) =>
    {
        Span<byte> bytes = stackalloc byte[16];
        random.TryWriteBytes(bytes, bigEndian: true, out _);

        // 6 bytes before version and variant and 7 after them: so many more bits than are used that no character is likelier than another.
        var number = ((UInt128)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16) << 56) | (BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]) & ((1UL << 56) - 1));
        for (var i = 0; i < text.Length; i++) (number, text[i]) = (number / (uint)Alphabet.Length, Alphabet[(int)(number % (uint)Alphabet.Length)]);
    });
}
