using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interactions.Tests.Frontend.Admission;

/// <summary>Makes good and bad tokens, and verifiers for them.</summary>
internal static class TokenMaker
{
    public const string Key = "0123456789abcdef0123456789abcdef";

    public static string Part(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static string Part(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public static string Hmac(string payload, string header = """{"alg":"HS256","typ":"JWT"}""", string key = Key)
    {
        var signed = $"{Part(header)}.{Part(payload)}";
        return $"{signed}.{Part(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Signed(string header, string payload, Func<byte[], byte[]> sign)
    {
        var signed = $"{Part(header)}.{Part(payload)}";
        return $"{signed}.{Part(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    public static TokenKeys Keys(AuthOptions auth, TimeProvider clock, byte[]? key = null, HttpMessageHandler? http = null) => new(
        auth, key is null ? SharedKey.Open(auth, new LogSettings(LogKind.Memory)) : new SharedKey(key), clock, NullLogger<TokenKeys>.Instance, auth.JwksIsUrl ? new KeyFetcher(http) : null);

    public static TokenVerifier Verifier(AuthOptions auth, TimeProvider clock) => new(auth, Keys(auth, clock), clock);

    /// <summary>A verifier that has read the set.</summary>
    public static async Task<TokenVerifier> WithJwks(string jwks, TimeProvider clock, string? key = null)
    {
        var path = Path.Combine(Path.GetTempPath(), $"jwks-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(path, jwks);
        try
        {
            var auth = new AuthOptions(key, path);
            var keys = Keys(auth, clock);
            await keys.RefreshAsync(CancellationToken.None);
            return new TokenVerifier(auth, keys, clock);
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static string Jwk(RSA rsa, string kid, string more = "")
    {
        var numbers = rsa.ExportParameters(false);
        return $$"""{"kty":"RSA","kid":"{{kid}}","n":"{{Part(numbers.Modulus!)}}","e":"{{Part(numbers.Exponent!)}}"{{more}}}""";
    }

    public static string Jwk(ECDsa ec, string kid)
    {
        var point = ec.ExportParameters(false).Q;
        return $$"""{"kty":"EC","crv":"P-256","kid":"{{kid}}","x":"{{Part(point.X!)}}","y":"{{Part(point.Y!)}}"}""";
    }
}
