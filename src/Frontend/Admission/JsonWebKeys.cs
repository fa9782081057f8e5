using System.Security.Cryptography;
using System.Text.Json;

namespace Interactions.Frontend.Admission;

/// <summary>
/// The usable keys of a JWK set (RFC 7517), by <c>kid</c>. Immutable. Keys that are secret (<c>oct</c>), weak, of another
/// curve or not for signatures are left out, as the RFC asks for keys that one can't use.
/// </summary>
internal sealed class JsonWebKeys
{
    public static readonly JsonWebKeys None = new([]);

    private readonly Dictionary<string, VerificationKey> _byId;

    private JsonWebKeys(Dictionary<string, VerificationKey> byId) => _byId = byId;

    public int Count => _byId.Count;

    /// <summary>A token without a <c>kid</c> is checked with the only key, if there is but one.</summary>
    public VerificationKey? Find(string? keyId)
    {
        if (keyId is not null) return _byId.GetValueOrDefault(keyId);
        return _byId.Count == 1 ? _byId.Values.First() : null;
    }

    /// <exception cref="JsonException">It is no JWK set.</exception>
    public static JsonWebKeys Parse(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8, CompactToken.StrictJson);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
            throw new JsonException("A JWK set is an object with an array \"keys\".");

        var byId = new Dictionary<string, VerificationKey>(StringComparer.Ordinal);
        var ambiguous = new HashSet<string>(StringComparer.Ordinal);
        foreach (var jwk in keys.EnumerateArray())
        {
            if (jwk.ValueKind != JsonValueKind.Object || Read(jwk) is not { } key) continue;
            var id = Text(jwk, "kid") ?? "";
            if (!byId.TryAdd(id, key)) ambiguous.Add(id);
        }

        // Which of two keys a name means would depend on their order.
        foreach (var id in ambiguous) byId.Remove(id);
        return new JsonWebKeys(byId);
    }

    private static VerificationKey? Read(JsonElement jwk)
    {
        try
        {
            if (Text(jwk, "use") is { } use && use != "sig") return null;
            if (jwk.TryGetProperty("key_ops", out var operations)
                && (operations.ValueKind != JsonValueKind.Array || !operations.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals("verify"))))
                return null;

            var key = Text(jwk, "kty") switch
            {
                "RSA" when Bytes(jwk, "n") is { } n && Bytes(jwk, "e") is { } e && IsGoodExponent(e)
                    => VerificationKey.Rsa(new RSAParameters { Modulus = [.. n.AsSpan().TrimStart((byte)0)], Exponent = e }),
                "EC" when Text(jwk, "crv") == "P-256" && Bytes(jwk, "x") is { Length: 32 } x && Bytes(jwk, "y") is { Length: 32 } y
                    => VerificationKey.P256(new ECPoint { X = x, Y = y }),
                _ => null,
            };
            return key is null || (Text(jwk, "alg") is { } algorithm && algorithm != key.Algorithm) ? null : key;
        }
        catch (Exception exception) when (exception is CryptographicException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    // With an exponent of 1 every padded hash is its own signature.
    private static bool IsGoodExponent(byte[] exponent) =>
        exponent.Length <= 4 && (exponent[^1] & 1) == 1 && (exponent.Length > 1 || exponent[0] >= 3) && exponent[0] != 0;

    private static string? Text(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(JsonElement jwk, string name) => Text(jwk, name) is { } text ? CompactToken.Decode(text) : null;
}
