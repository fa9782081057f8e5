using Interactions.Frontend.Admission;
using Interactions.Frontend.Settings;
using Xunit;

namespace Interactions.Tests.Frontend.Admission;

/// <summary>The examples of RFC 7515, appendix A, at the level of signatures (their claims name no user).</summary>
public sealed class Rfc7515Tests
{
    private const string Payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    private const string A1 = $"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{Payload}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private const string A2 = $"eyJhbGciOiJSUzI1NiJ9.{Payload}."
        + "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4"
        + "BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqv"
        + "hJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

    private const string A3 = $"eyJhbGciOiJFUzI1NiJ9.{Payload}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private const string RsaKey = """
        {"keys":[{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}]}
        """;

    private const string EcKey = """
        {"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
        """;

    private readonly ManualClock _clock = new();

    [Fact]
    public void The_HS256_example_of_A1_verifies()
    {
        var secret = CompactToken.Decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")!;
        var auth = new AuthOptions();
        Holds(new TokenVerifier(auth, TokenMaker.Keys(auth, _clock, secret), _clock), A1);
    }

    [Fact]
    public async Task The_RS256_example_of_A2_verifies() => Holds(await TokenMaker.WithJwks(RsaKey, _clock), A2);

    [Fact]
    public async Task The_ES256_example_of_A3_verifies() => Holds(await TokenMaker.WithJwks(EcKey, _clock), A3);

    [Fact]
    public async Task An_example_under_another_ones_key_does_not()
    {
        Assert.False((await TokenMaker.WithJwks(RsaKey, _clock)).TryOpen(A3, out _, out _));
        Assert.False((await TokenMaker.WithJwks(EcKey, _clock)).TryOpen(A2, out _, out _));
        Assert.False(TokenMaker.Verifier(new AuthOptions(TokenMaker.Key), _clock).TryOpen(A1, out _, out _));
    }

    private static void Holds(TokenVerifier verifier, string token)
    {
        Assert.True(verifier.TryOpen(token, out var payload, out var problem), problem);
        Assert.StartsWith("{\"iss\":\"joe\",", System.Text.Encoding.UTF8.GetString(payload), StringComparison.Ordinal);

        // Every single changed character of the signature breaks it.
        var at = token.LastIndexOf('.') + 1;
        for (; at < token.Length; at++)
        {
            var changed = token[..at] + (token[at] == 'A' ? 'B' : 'A') + token[(at + 1)..];
            Assert.False(verifier.TryOpen(changed, out _, out _), $"character {at} is free");
        }
    }
}
