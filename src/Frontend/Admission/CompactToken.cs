using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Interactions.Frontend.Api;

namespace Interactions.Frontend.Admission;

/// <summary>
/// The three parts of a compact JWS (RFC 7515, 7.1), decoded strictly: exactly one spelling is taken for each token.
/// </summary>
/// <param name="Algorithm">The header's <c>alg</c>; never trusted further than for choosing among our own keys.</param>
/// <param name="KeyId">The header's <c>kid</c>; null = none.</param>
/// <param name="SigningInput">The first two parts as sent, ASCII.</param>
/// <param name="Payload">Decoded; not to be believed before the signature is checked.</param>
/// <param name="Signature">Decoded; never empty.</param>
internal sealed record CompactToken(string Algorithm, string? KeyId, byte[] SigningInput, byte[] Payload, byte[] Signature)
{
    /// <summary>Longer ones are not looked at, in characters.</summary>
    public const int MaxLength = 8 * 1024;

    /// <summary>One object, no name twice: parsers that disagree about which one counts are an old way in.</summary>
    public static readonly JsonDocumentOptions StrictJson = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    public static CompactToken? Parse(string token, out string problem)
    {
        problem = "The token is not a compact JWS of three parts.";
        if (token.Length > MaxLength)
        {
            problem = $"The token is longer than {MaxLength} characters.";
            return null;
        }

        var first = token.IndexOf('.', StringComparison.Ordinal);
        var last = token.LastIndexOf('.');
        if (first <= 0 || last <= first + 1 || last == token.Length - 1) return null;
        if (Decode(token.AsSpan(0, first)) is not { } header
            || Decode(token.AsSpan(first + 1, last - first - 1)) is not { } payload
            || Decode(token.AsSpan(last + 1)) is not { } signature)
        {
            problem = "A part of the token is not base64url.";
            return null;
        }

        if (ReadHeader(header, out problem) is not { } read) return null;
        return new CompactToken(read.Algorithm, read.KeyId, Encoding.ASCII.GetBytes(token, 0, last), payload, signature);
    }

    /// <summary>Base64url without padding or white space, whose unused last bits are zero; null otherwise.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length % 4 == 1 || text.ContainsAnyExcept(Alphabet)) return null;
        var bytes = Base64Url.DecodeFromChars(text[..^(text.Length % 4)]);
        if (text.Length % 4 == 0) return bytes;

        // The rest of 2 or 3 characters has 4 or 2 bits that say nothing: were they free, one token had many spellings.
        int bits = 0;
        foreach (var letter in text[^(text.Length % 4)..]) bits = (bits << 6) | Value(letter);
        if (text.Length % 4 == 2) return (bits & 0xF) == 0 ? [.. bytes, (byte)(bits >> 4)] : null;
        return (bits & 0x3) == 0 ? [.. bytes, (byte)(bits >> 10), (byte)(bits >> 2)] : null;
    }

    private static int Value(char letter) => letter switch
    {
        >= 'A' and <= 'Z' => letter - 'A',
        >= 'a' and <= 'z' => letter - 'a' + 26,
        >= '0' and <= '9' => letter - '0' + 52,
        '-' => 62,
        _ => 63,
    };

    private static (string Algorithm, string? KeyId)? ReadHeader(byte[] utf8, out string problem)
    {
        problem = "The token's header is not a JSON object of text fields.";
        try
        {
            using var document = JsonDocument.Parse(utf8, StrictJson);
            var header = document.RootElement;
            if (header.ValueKind != JsonValueKind.Object) return null;
            if (header.TryGetProperty("crit", out _))
            {
                problem = "The token demands extensions (crit), of which none is known here.";
                return null;
            }

            if (!header.TryGetProperty("alg", out var algorithm) || algorithm.ValueKind != JsonValueKind.String) return null;
            if (!Shape.IsAbsent(header, "typ", out var type))
            {
                if (type.ValueKind != JsonValueKind.String) return null;
                if (type.GetString()!.ToUpperInvariant() is not ("JWT" or "AT+JWT" or "APPLICATION/AT+JWT"))
                {
                    problem = "The token is of another type (typ) than JWT.";
                    return null;
                }
            }

            string? keyId = null;
            if (!Shape.IsAbsent(header, "kid", out var kid))
            {
                if (kid.ValueKind != JsonValueKind.String) return null;
                keyId = kid.GetString();
            }

            return (algorithm.GetString()!, keyId);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not valid Unicode.
            return null;
        }
    }
}
