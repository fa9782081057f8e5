using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Interactions.Tests.EndToEnd.BadInput;

/// <summary>Tokens that have to be refused, each for another reason.</summary>
internal static class BadTokens
{
    private static readonly Dictionary<string, object> Hs256 = new() { ["alg"] = "HS256", ["typ"] = "JWT" };

    public static string Pick(Random random)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var good = Sign(Hs256, Claims("viewer", now + 600), Cast.Key);
        return random.Next(12) switch
        {
            0 => Convert.ToHexString(RandomBytes(random, random.Next(1, 200))),
            1 => good[..random.Next(1, good.Length - 1)],
            2 => good + "." + good,
            3 => Sign(Hs256, Claims("viewer", now + 600), Cast.Key + "x"),
            4 => Sign(Hs256, Claims("viewer", now - random.Next(3600, 100_000)), Cast.Key),
            5 => Sign(new() { ["alg"] = "none" }, Claims("admin", now + 600), Cast.Key),
            6 => Sign(new() { ["alg"] = "none" }, Claims("admin", now + 600), Cast.Key)[..^43],
            7 => Sign(new() { ["alg"] = "RS256" }, Claims("admin", now + 600), Cast.Key),
            8 => Sign(Hs256, new() { ["sub"] = "no-end", ["role"] = "admin" }, Cast.Key),
            9 => Sign(Hs256, Claims("viewer", now + 600, "not a user id"), Cast.Key),
            10 => Sign(Hs256, Claims("emperor", now + 600), Cast.Key),
            _ => Sign(Hs256, new() { ["sub"] = 17, ["exp"] = "tomorrow" }, Cast.Key),
        };
    }

    private static Dictionary<string, object> Claims(string role, long exp, string sub = "mallory") =>
        new() { ["sub"] = sub, ["role"] = role, ["exp"] = exp };

    private static string Sign(Dictionary<string, object> header, Dictionary<string, object> claims, string key)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(signed)))}";
    }

    private static string Encode(Dictionary<string, object> json) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));

    private static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
