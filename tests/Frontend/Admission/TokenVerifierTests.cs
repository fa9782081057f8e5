using Interactions.Frontend.Admission;
using Interactions.Frontend.Settings;
using Xunit;

namespace Interactions.Tests.Frontend.Admission;

public sealed class TokenVerifierTests
{
    private readonly ManualClock _clock = new();
    private readonly TokenVerifier _verifier;

    public TokenVerifierTests() => _verifier = TokenMaker.Verifier(new AuthOptions(TokenMaker.Key), _clock);

    private long Exp => _clock.Seconds + 60;

    [Fact]
    public void A_good_token_says_who_it_is()
    {
        var identity = Taken($$"""{"sub":"u.1_-@x","name":"Ada","role":"moderator","streams":["a","match-*"],"exp":{{Exp}}}""");
        Assert.Equal("u.1_-@x", identity.User);
        Assert.Equal("Ada", identity.Name);
        Assert.Equal(Role.Moderator, identity.Role);
        Assert.Equal(["a", "match-*"], identity.Streams!);
        Assert.Equal((Exp + 5) * 1000, identity.ExpiresAtMs);
    }

    [Fact]
    public void A_token_of_the_least_is_a_viewer_named_by_its_id_for_every_stream()
    {
        var identity = Taken($$"""{"sub":"u1","exp":{{Exp}}}""");
        Assert.Equal(new Identity("u1", "u1", Role.Viewer, null, (Exp + 5) * 1000), identity);
    }

    [Fact]
    public void A_token_ends_the_leeway_after_its_exp_to_the_millisecond()
    {
        var token = TokenMaker.Hmac($$"""{"sub":"u1","exp":{{Exp}}}""");
        _clock.Advance(TimeSpan.FromMilliseconds(64_999));
        Assert.True(_verifier.TryVerify(token, out _, out _));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_verifier.TryVerify(token, out _, out var problem));
        Assert.Contains("expired", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void A_makers_clock_may_be_the_leeway_ahead(int ahead, bool good) =>
        Assert.Equal(good, _verifier.TryVerify(TokenMaker.Hmac($$"""{"sub":"u1","nbf":{{_clock.Seconds + ahead}},"exp":{{Exp}}}"""), out _, out _));

    [Theory]
    [InlineData("""{"sub":"u1","name":null,"role":null,"streams":null,"nbf":null,"iss":null,"aud":null,"exp":9999999999}""")]
    [InlineData("""{"sub":"u1","exp":9999999999.0}""")]
    [InlineData("""{"sub":"u1","exp":9.999999999e9}""")]
    [InlineData("""{"sub":"u1","nbf":1e0,"exp":9999999999}""")]
    public void A_claim_that_is_null_is_absent_and_a_time_may_be_written_in_any_way(string claims)
    {
        var identity = Taken(claims);
        Assert.Equal(("u1", Role.Viewer, true), (identity.Name, identity.Role, identity.Covers("any")));
    }

    [Theory]
    [InlineData("""{"sub":"u1"}""")]
    [InlineData("""{"sub":"u1","exp":1}""")]
    [InlineData("""{"sub":"u1","exp":"9999999999"}""")]
    [InlineData("""{"sub":"u1","exp":null}""")]
    [InlineData("""{"sub":"u1","exp":1e300}""")]
    [InlineData("""{"sub":"u1","exp":1e999}""")]
    [InlineData("""{"sub":"u1","exp":9999999999999}""")]
    [InlineData("""{"sub":"u1","exp":-1}""")]
    [InlineData("""{"sub":"u1","exp":true}""")]
    [InlineData("""{"sub":"u1","exp":9999999999,"exp":9999999998}""")]
    [InlineData("""{"sub":"u1","sub":"u2","exp":9999999999}""")]
    [InlineData("""{"sub":"u1","s\u0075b":"admin","exp":9999999999}""")]
    [InlineData("""{"sub":"u1","x":{"a":1,"a":2},"exp":9999999999}""")]
    [InlineData("""{"sub":"u1","exp":9999999999,"nbf":"1"}""")]
    [InlineData("""{"exp":9999999999}""")]
    [InlineData("""{"sub":null,"exp":9999999999}""")]
    [InlineData("""{"sub":"","exp":9999999999}""")]
    [InlineData("""{"sub":1,"exp":9999999999}""")]
    [InlineData("""{"sub":"a b","exp":9999999999}""")]
    [InlineData("""{"sub":"ü","exp":9999999999}""")]
    [InlineData("""{"sub":"\ud800","exp":9999999999}""")]
    [InlineData("""{"sub":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","exp":9999999999}""")]
    [InlineData("""{"sub":"u1","name":1,"exp":9999999999}""")]
    [InlineData("""{"sub":"u1","name":"\ud800","exp":9999999999}""")]
    [InlineData("""{"sub":"u1","name":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx","exp":9999999999}""")]
    [InlineData("""{"sub":"u1","role":"Admin","exp":9999999999}""")]
    [InlineData("""{"sub":"u1","role":"3","exp":9999999999}""")]
    [InlineData("""{"sub":"u1","role":3,"exp":9999999999}""")]
    [InlineData("""{"sub":"u1","role":["admin"],"exp":9999999999}""")]
    [InlineData("""{"sub":"u1","streams":"*","exp":9999999999}""")]
    [InlineData("""{"sub":"u1","streams":[1],"exp":9999999999}""")]
    [InlineData("""{"sub":"u1","streams":["a*b"],"exp":9999999999}""")]
    [InlineData("""{"sub":"u1","streams":["$streams"],"exp":9999999999}""")]
    [InlineData("""["sub"]""")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{")]
    public void Claims_of_wrong_shape_are_refused(string claims)
    {
        Assert.False(_verifier.TryVerify(TokenMaker.Hmac(claims), out var identity, out var problem));
        Assert.Null(identity);
        Assert.NotEmpty(problem);
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"None"}""")]
    [InlineData("""{"alg":"hs256"}""")]
    [InlineData("""{"alg":"HS384"}""")]
    [InlineData("""{"alg":"RS256"}""")]
    [InlineData("""{"alg":["HS256"]}""")]
    [InlineData("""{"alg":null}""")]
    [InlineData("""{"typ":"JWT"}""")]
    [InlineData("""{"alg":"none","alg":"HS256"}""")]
    [InlineData("""{"alg":"HS256","crit":["exp"]}""")]
    [InlineData("""{"alg":"HS256","crit":[]}""")]
    [InlineData("""{"alg":"HS256","typ":"JWE"}""")]
    [InlineData("""{"alg":"HS256","typ":1}""")]
    [InlineData("""{"alg":"HS256","kid":1}""")]
    [InlineData("""{"alg":"HS256"} x""")]
    [InlineData("\"HS256\"")]
    public void Headers_that_ask_for_anything_else_are_refused_though_the_signature_is_right(string header) =>
        Assert.False(_verifier.TryVerify(TokenMaker.Hmac($$"""{"sub":"u1","exp":{{Exp}}}""", header), out _, out _));

    [Fact]
    public void A_token_without_signature_is_refused()
    {
        var parts = TokenMaker.Hmac($$"""{"sub":"u1","exp":{{Exp}}}""").Split('.');
        Assert.False(_verifier.TryVerify($"{parts[0]}.{parts[1]}.", out _, out _));
        Assert.False(_verifier.TryVerify($"{parts[0]}.{parts[1]}", out _, out _));
        Assert.False(_verifier.TryVerify($"{TokenMaker.Part("""{"alg":"none"}""")}.{parts[1]}.", out _, out _));
    }

    [Fact]
    public void A_token_has_exactly_one_spelling()
    {
        var token = TokenMaker.Hmac($$"""{"sub":"u1","exp":{{Exp}}}""");
        Assert.True(_verifier.TryVerify(token, out _, out _));
        foreach (var other in (string[])[token + "=", token + " ", " " + token, token + "\n", token.Replace(".", ". ", StringComparison.Ordinal), token + ".", "." + token, token + "." + token])
            Assert.False(_verifier.TryVerify(other, out _, out _), other);

        // 32 bytes are 43 characters, of whose last one two bits say nothing.
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (var free = 1; free < 4; free++)
            Assert.False(_verifier.TryVerify(token[..^1] + Alphabet[Alphabet.IndexOf(token[^1], StringComparison.Ordinal) | free], out _, out _));
    }

    [Fact]
    public void A_token_over_8_KB_is_not_looked_at()
    {
        var token = TokenMaker.Hmac($$"""{"sub":"u1","exp":{{Exp}},"pad":"{{new string('x', 8000)}}"}""");
        Assert.False(_verifier.TryVerify(token, out _, out var problem));
        Assert.Contains("longer", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"iss\":\"me\",\"aud\":\"us\"", true)]
    [InlineData("\"iss\":\"me\",\"aud\":[\"them\",\"us\"]", true)]
    [InlineData("\"iss\":\"me\",\"aud\":[\"them\",1]", false)]
    [InlineData("\"iss\":\"me\",\"aud\":{\"us\":1}", false)]
    [InlineData("\"iss\":\"me\"", false)]
    [InlineData("\"aud\":\"us\"", false)]
    [InlineData("\"iss\":[\"me\"],\"aud\":\"us\"", false)]
    [InlineData("\"iss\":\"Me\",\"aud\":\"us\"", false)]
    public void Issuer_and_audience_are_checked_when_set(string claims, bool good)
    {
        var verifier = TokenMaker.Verifier(new AuthOptions(TokenMaker.Key, Issuer: "me", Audience: "us"), _clock);
        Assert.Equal(good, verifier.TryVerify(TokenMaker.Hmac($$"""{"sub":"u1","exp":{{Exp}},{{claims}}}"""), out _, out _));
    }

    [Fact]
    public void Without_any_key_no_token_is_valid()
    {
        var verifier = TokenMaker.Verifier(new AuthOptions(), _clock);
        Assert.False(verifier.TryVerify(TokenMaker.Hmac($$"""{"sub":"u1","exp":{{Exp}}}"""), out _, out _));
        Assert.False(verifier.TryVerify(TokenMaker.Hmac($$"""{"sub":"u1","exp":{{Exp}}}""", key: ""), out _, out _));
    }

    [Fact]
    public void Names_of_64_characters_beyond_the_basic_plane_fit()
    {
        var name = string.Concat(Enumerable.Repeat("😀", 64));
        Assert.Equal(name, Taken($$"""{"sub":"u1","name":"{{name}}","exp":{{Exp}}}""").Name);
    }

    [Fact]
    public void Mutated_tokens_and_noise_are_refused_and_nothing_throws()
    {
        var random = new Random(7);
        var good = TokenMaker.Hmac($$"""{"sub":"u1","exp":{{Exp}}}""");
        for (var i = 0; i < 20_000; i++)
        {
            var letters = good.ToCharArray();
            for (var changes = random.Next(1, 4); changes > 0; changes--) letters[random.Next(letters.Length)] = (char)random.Next(random.Next(2) == 0 ? 128 : 65536);
            var token = new string(letters);
            if (random.Next(4) == 0) token = token[..random.Next(token.Length)];
            if (token != good) Assert.False(_verifier.TryVerify(token, out _, out _), token);

            // Noise under a good signature reaches the readers of headers and claims.
            var noise = new byte[random.Next(64)];
            random.NextBytes(noise);
            var claims = "{\"sub\":\"u1\",\"exp\":9999999999}"u8.ToArray();
            claims[random.Next(claims.Length)] = (byte)random.Next(256);
            foreach (var payload in (byte[][])[noise, claims])
            {
                var signed = $"{TokenMaker.Part("""{"alg":"HS256"}""")}.{TokenMaker.Part(payload)}";
                var signature = System.Security.Cryptography.HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(TokenMaker.Key), System.Text.Encoding.ASCII.GetBytes(signed));
                _verifier.TryVerify($"{signed}.{TokenMaker.Part(signature)}", out _, out _);
                _verifier.TryVerify($"{TokenMaker.Part(payload)}.{TokenMaker.Part(payload)}.{TokenMaker.Part(signature)}", out _, out _);
            }
        }
    }

    private Identity Taken(string claims)
    {
        Assert.True(_verifier.TryVerify(TokenMaker.Hmac(claims), out var identity, out var problem), problem);
        return identity;
    }
}
