using System.Net;
using System.Security.Cryptography;
using System.Text;
using Interactions.Frontend.Admission;
using Interactions.Frontend.Settings;
using Xunit;

namespace Interactions.Tests.Frontend.Admission;

public sealed class JwksTests : IDisposable
{
    private const string Claims = """{"sub":"u1","exp":9999999999}""";

    private readonly ManualClock _clock = new();
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _rsa.Dispose();
        _ec.Dispose();
    }

    [Fact]
    public async Task Keys_are_chosen_by_kid()
    {
        var verifier = await TokenMaker.WithJwks($$"""{"keys":[{{TokenMaker.Jwk(_rsa, "r")}},{{TokenMaker.Jwk(_ec, "e")}}]}""", _clock);
        Assert.True(verifier.TryVerify(Rs256("""{"alg":"RS256","kid":"r"}"""), out _, out _));
        Assert.True(verifier.TryVerify(Es256("""{"alg":"ES256","kid":"e"}"""), out _, out _));
        Assert.False(verifier.TryVerify(Rs256("""{"alg":"RS256","kid":"x"}"""), out _, out _));
        Assert.False(verifier.TryVerify(Rs256("""{"alg":"RS256"}"""), out _, out _));
    }

    [Fact]
    public async Task A_keys_type_fixes_the_algorithm()
    {
        var verifier = await TokenMaker.WithJwks($$"""{"keys":[{{TokenMaker.Jwk(_rsa, "r")}},{{TokenMaker.Jwk(_ec, "e")}}]}""", _clock, TokenMaker.Key);
        Assert.False(verifier.TryVerify(Rs256("""{"alg":"ES256","kid":"r"}"""), out _, out _));
        Assert.False(verifier.TryVerify(Rs256("""{"alg":"RS256","kid":"e"}"""), out _, out _));
        Assert.False(verifier.TryVerify(Rs256("""{"alg":"RS384","kid":"r"}"""), out _, out _));
        Assert.False(verifier.TryVerify(Rs256("""{"alg":"PS256","kid":"r"}"""), out _, out _));
    }

    [Fact]
    public async Task A_public_key_is_no_secret_to_sign_with()
    {
        // The old attack: HS256 with what everybody knows, in each form that a library could take for the secret.
        foreach (var both in (bool[])[false, true])
        {
            var verifier = await TokenMaker.WithJwks($$"""{"keys":[{{TokenMaker.Jwk(_rsa, "r")}}]}""", _clock, both ? TokenMaker.Key : null);
            foreach (var secret in (byte[][])[Encoding.UTF8.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem()), _rsa.ExportSubjectPublicKeyInfo(), _rsa.ExportParameters(false).Modulus!, Encoding.UTF8.GetBytes(TokenMaker.Jwk(_rsa, "r"))])
                Assert.False(verifier.TryVerify(TokenMaker.Signed("""{"alg":"HS256","kid":"r"}""", Claims, data => HMACSHA256.HashData(secret, data)), out _, out _));
        }
    }

    [Fact]
    public async Task Secrets_in_a_set_are_not_used()
    {
        var secret = RandomNumberGenerator.GetBytes(32);
        var verifier = await TokenMaker.WithJwks($$"""{"keys":[{"kty":"oct","kid":"o","alg":"HS256","k":"{{TokenMaker.Part(secret)}}"}]}""", _clock);
        Assert.False(verifier.TryVerify(TokenMaker.Signed("""{"alg":"HS256","kid":"o"}""", Claims, data => HMACSHA256.HashData(secret, data)), out _, out _));
    }

    [Fact]
    public async Task A_DER_signature_is_refused()
    {
        var verifier = await TokenMaker.WithJwks($$"""{"keys":[{{TokenMaker.Jwk(_ec, "e")}}]}""", _clock);
        var der = TokenMaker.Signed("""{"alg":"ES256","kid":"e"}""", Claims, data => _ec.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.False(verifier.TryVerify(der, out _, out _));
        Assert.False(verifier.TryVerify(TokenMaker.Signed("""{"alg":"ES256","kid":"e"}""", Claims, _ => new byte[64]), out _, out _));
    }

    [Fact]
    public async Task Weak_foreign_and_ambiguous_keys_are_left_out()
    {
        using var weak = RSA.Create(1024);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var one = TokenMaker.Part(_rsa.ExportParameters(false).Modulus!);
        var keys = JsonWebKeys.Parse(Encoding.UTF8.GetBytes($$"""
            {"keys":[
            {{TokenMaker.Jwk(weak, "weak")}}, {{TokenMaker.Jwk(p384, "p384")}}, {{TokenMaker.Jwk(_ec, "twice")}}, {{TokenMaker.Jwk(_rsa, "twice")}},
            {{TokenMaker.Jwk(_rsa, "enc", ",\"use\":\"enc\"")}}, {{TokenMaker.Jwk(_rsa, "ps", ",\"alg\":\"PS256\"")}}, {{TokenMaker.Jwk(_rsa, "ops", ",\"key_ops\":[\"encrypt\"]")}},
            {"kty":"RSA","kid":"e1","n":"{{one}}","e":"AQ"}, {"kty":"RSA","kid":"e2","n":"{{one}}","e":"Ag"}, {"kty":"EC","crv":"P-256","kid":"off","x":"{{TokenMaker.Part(new byte[32])}}","y":"{{TokenMaker.Part(new byte[32])}}"},
            {"kty":"RSA"}, 1, null, "x", {{TokenMaker.Jwk(_rsa, "good", ",\"use\":\"sig\",\"alg\":\"RS256\",\"key_ops\":[\"verify\"]")}}]}
            """));
        Assert.Equal(1, keys.Count);
        Assert.NotNull(keys.Find("good"));
    }

    [Fact]
    public async Task An_unknown_kid_asks_for_a_refresh_at_most_every_30_seconds()
    {
        using var server = new Server($$"""{"keys":[{{TokenMaker.Jwk(_rsa, "old")}}]}""");
        var auth = new AuthOptions(Jwks: "https://issuer.example/jwks");
        using var keys = TokenMaker.Keys(auth, _clock, http: server);
        var verifier = new TokenVerifier(auth, keys, _clock);
        await keys.RefreshAsync(CancellationToken.None);
        var token = Rs256("""{"alg":"RS256","kid":"new"}""");

        Assert.False(verifier.TryVerify(token, out _, out _));
        Assert.False(keys.RefreshIsWanted);

        _clock.Advance(TokenKeys.RefreshAtMostEvery);
        Assert.False(verifier.TryVerify(token, out _, out _));
        Assert.True(keys.RefreshIsWanted);

        server.Body = $$"""{"keys":[{{TokenMaker.Jwk(_rsa, "new")}}]}""";
        await keys.RefreshAsync(CancellationToken.None);
        Assert.True(verifier.TryVerify(token, out _, out _));
        Assert.Equal(2, server.Asked);
    }

    [Theory]
    [InlineData("", HttpStatusCode.InternalServerError)]
    [InlineData("no JSON", HttpStatusCode.OK)]
    [InlineData("[]", HttpStatusCode.OK)]
    [InlineData("""{"keys":{}}""", HttpStatusCode.OK)]
    public async Task A_set_that_can_not_be_read_leaves_the_keys_as_they_are(string body, HttpStatusCode status)
    {
        using var server = new Server($$"""{"keys":[{{TokenMaker.Jwk(_rsa, "r")}}]}""");
        var auth = new AuthOptions(Jwks: "https://issuer.example/jwks");
        using var keys = TokenMaker.Keys(auth, _clock, http: server);
        await keys.RefreshAsync(CancellationToken.None);
        (server.Body, server.Status) = (body, status);
        await keys.RefreshAsync(CancellationToken.None);
        Assert.True(new TokenVerifier(auth, keys, _clock).TryVerify(Rs256("""{"alg":"RS256","kid":"r"}"""), out _, out _));
    }

    [Fact]
    public async Task The_running_service_fetches_a_key_that_it_does_not_know()
    {
        using var server = new Server("""{"keys":[]}""");
        var auth = new AuthOptions(Jwks: "https://issuer.example/jwks");
        using var keys = TokenMaker.Keys(auth, _clock, http: server);
        await keys.StartAsync(CancellationToken.None);
        server.Body = $$"""{"keys":[{{TokenMaker.Jwk(_rsa, "r")}}]}""";
        var fetched = server.NextRequest();
        _clock.Advance(TokenKeys.RefreshAtMostEvery);
        Assert.Null(keys.Find("RS256", "r"));
        Assert.True(await Task.WhenAny(fetched, Task.Delay(TimeSpan.FromSeconds(10))) == fetched, "the JWK set was not asked for again");
        await keys.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Many_threads_may_verify_at_once()
    {
        var verifier = await TokenMaker.WithJwks($$"""{"keys":[{{TokenMaker.Jwk(_rsa, "r")}},{{TokenMaker.Jwk(_ec, "e")}}]}""", _clock);
        string[] tokens = [Rs256("""{"alg":"RS256","kid":"r"}"""), Es256("""{"alg":"ES256","kid":"e"}""")];
        var wrong = 0;
        Parallel.For(0, 2000, i =>
        {
            var token = tokens[i & 1];
            if (!verifier.TryVerify(token, out _, out _)) Interlocked.Increment(ref wrong);
            if (verifier.TryVerify(token[..^4] + "AAAA", out _, out _)) Interlocked.Increment(ref wrong);
        });
        Assert.Equal(0, wrong);
    }

    private string Rs256(string header) =>
        TokenMaker.Signed(header, Claims, data => _rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    private string Es256(string header) =>
        TokenMaker.Signed(header, Claims, data => _ec.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    private sealed class Server(string body) : HttpMessageHandler
    {
        private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Body { get; set; } = body;

        public HttpStatusCode Status { get; set; } = HttpStatusCode.OK;

        public int Asked { get; private set; }

        public Task NextRequest() => (_next = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked++;
            _next.TrySetResult();
            return Task.FromResult(new HttpResponseMessage(Status) { Content = new StringContent(Body) });
        }
    }
}
