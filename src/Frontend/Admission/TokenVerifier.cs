using System.Diagnostics.CodeAnalysis;

namespace Interactions.Frontend.Admission;

/// <summary>
/// Says whose a token is (RFC 7515, 7519, and the advice of RFC 8725). Never throws, whatever it is given; safe for
/// concurrent callers. The keys are ours alone: a token chooses among them, by <c>alg</c> and <c>kid</c>, and what
/// algorithm a key is used with is fixed by the key.
/// </summary>
internal sealed class TokenVerifier(AuthOptions auth, TokenKeys keys, TimeProvider time)
{
    /// <param name="problem">Why not, in a sentence that may be shown to whoever sent it.</param>
    public bool TryVerify(string token, [NotNullWhen(true)] out Identity? identity, out string problem)
    {
        identity = null;
        if (!TryOpen(token, out var payload, out problem)) return false;
        identity = TokenClaims.Read(payload, auth, time.GetUtcNow(), out problem);
        return identity is not null;
    }

    /// <summary>The signature alone.</summary>
    internal bool TryOpen(string token, [NotNullWhen(true)] out byte[]? payload, out string problem)
    {
        payload = null;
        if (CompactToken.Parse(token, out problem) is not { } parts) return false;
        if (keys.Find(parts.Algorithm, parts.KeyId) is not { } key || key.Algorithm != parts.Algorithm)
        {
            problem = "The token is signed with an algorithm or a key that is not known here.";
            return false;
        }

        if (!key.Verify(parts.SigningInput, parts.Signature))
        {
            problem = "The token's signature is wrong.";
            return false;
        }

        payload = parts.Payload;
        return true;
    }
}
