using System.Diagnostics.CodeAnalysis;
using Interactions.Frontend.Settings;
using Interactions.Frontend.Telemetry;

namespace Interactions.Frontend.Admission;

/// <summary>
/// Says whose a token is (RFC 7515, 7519, and the advice of RFC 8725). Never throws, whatever it is given; safe for
/// concurrent callers. The keys are ours alone: a token chooses among them, by <c>alg</c> and <c>kid</c>, and what
/// algorithm a key is used with is fixed by the key.
/// </summary>
internal sealed class TokenVerifier(AuthOptions auth, TokenKeys keys, TimeProvider time, FrontendMetrics? metrics = null)
{
    /// <param name="problem">Why not, in a sentence that may be shown to whoever sent it.</param>
    public bool TryVerify(string token, [NotNullWhen(true)] out Identity? identity, out string problem)
    {
        identity = null;
        if (TryOpen(token, out var payload, out problem, out var refused))
        {
            identity = TokenClaims.Read(payload, auth, time.GetUtcNow(), out problem);
            if (identity is not null) return true;
            refused = problem == TokenClaims.Expired ? "expired" : "claims";
        }

        metrics?.TokenRefused(refused);
        return false;
    }

    /// <summary>The signature alone.</summary>
    internal bool TryOpen(string token, [NotNullWhen(true)] out byte[]? payload, out string problem) => TryOpen(token, out payload, out problem, out _);

    private bool TryOpen(string token, [NotNullWhen(true)] out byte[]? payload, out string problem, out string refused)
    {
        payload = null;
        refused = "malformed";
        if (CompactToken.Parse(token, out problem) is not { } parts) return false;
        refused = "unknown_key";
        if (keys.Find(parts.Algorithm, parts.KeyId) is not { } key || key.Algorithm != parts.Algorithm)
        {
            problem = "The token is signed with an algorithm or a key that is not known here.";
            return false;
        }

        refused = "bad_signature";
        if (!key.Verify(parts.SigningInput, parts.Signature))
        {
            problem = "The token's signature is wrong.";
            return false;
        }

        payload = parts.Payload;
        return true;
    }
}
