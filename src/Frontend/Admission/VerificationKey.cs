using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Interactions.Frontend.Admission;

/// <summary>A key that says whether a signature is good. Its type fixes the algorithm. Safe for concurrent callers.</summary>
internal sealed class VerificationKey
{
    public const int MinRsaBits = 2048;

    private const int P256SignatureBytes = 64;

    private readonly Check _check;

    private VerificationKey(string algorithm, Check check)
    {
        Algorithm = algorithm;
        _check = check;
    }

    private delegate bool Check(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    /// <summary>The one <c>alg</c> that it is good for: HS256, RS256 or ES256.</summary>
    public string Algorithm { get; }

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => _check(data, signature);

    public static VerificationKey Hmac(byte[] secret) => new("HS256", (data, signature) =>
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, data, expected);
        return CryptographicOperations.FixedTimeEquals(expected, signature);
    });

    /// <exception cref="CryptographicException">The numbers are no RSA key of at least <see cref="MinRsaBits"/> bits.</exception>
    public static VerificationKey Rsa(RSAParameters key)
    {
        var pool = new ConcurrentBag<RSA> { RSA.Create(key) };
        pool.TryPeek(out var first);
        if (first!.KeySize < MinRsaBits) throw new CryptographicException($"An RSA key of {first.KeySize} bits is too short.");
        var bytes = first.KeySize / 8;
        return new VerificationKey("RS256", (data, signature) =>
            signature.Length == bytes && Rented(pool, key, RSA.Create, data, signature, static (rsa, data, signature) =>
                rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
    }

    /// <exception cref="CryptographicException">The numbers are no point of P-256.</exception>
    public static VerificationKey P256(ECPoint point)
    {
        var key = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point };
        key.Validate();
        var pool = new ConcurrentBag<ECDsa> { ECDsa.Create(key) };
        return new VerificationKey("ES256", (data, signature) =>
            signature.Length == P256SignatureBytes && Rented(pool, key, ECDsa.Create, data, signature, static (ecdsa, data, signature) =>
                ecdsa.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)));
    }

    // The framework's key objects are not promised to be thread-safe, and importing one costs as much as verifying.
    private static bool Rented<TKey, TParameters>(
        ConcurrentBag<TKey> pool,
        TParameters parameters,
        Func<TParameters, TKey> create,
        ReadOnlySpan<byte> data,
        ReadOnlySpan<byte> signature,
        VerifyWith<TKey> verify)
        where TKey : class
    {
        if (!pool.TryTake(out var key)) key = create(parameters);
        try
        {
            return verify(key, data, signature);
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            pool.Add(key);
        }
    }

    private delegate bool VerifyWith<TKey>(TKey key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);
}
