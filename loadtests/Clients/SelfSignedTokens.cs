using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Interactions.LoadTests.Clients;

/// <summary>HS256 tokens signed with the service's own key, good for an hour.</summary>
internal sealed class SelfSignedTokens(string key, TimeProvider time) : ITokenSource
{
    public ValueTask<string> TokenAsync(string user, string name, string role, CancellationToken cancellationToken)
    {
        var expires = time.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        var header = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);
        var claims = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new { sub = user, name, role, exp = expires }));
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes($"{header}.{claims}"));
        return ValueTask.FromResult($"{header}.{claims}.{Base64Url.EncodeToString(signature)}");
    }
}
