using System.Security.Cryptography;

namespace Interactions.Contracts;

/// <summary>Makes names of a log's lives: random, so that no two are ever equal.</summary>
public static class Epochs
{
    /// <summary>Longest epoch that a <see cref="Position"/> parses, in characters.</summary>
    public const int MaxLength = 32;

    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>12 characters of <c>0-9 a-z</c>: 62 random bits.</summary>
    public static string New() => RandomNumberGenerator.GetString(Alphabet, 12);
}
