using System.Text;

namespace Interactions.Frontend.Settings;

/// <summary><c>Auth:*</c>: whose tokens are believed.</summary>
/// <param name="Key">Secret of HS256 tokens, at least 32 bytes as UTF-8; null = none are valid (unless <paramref name="Dev"/>).</param>
/// <param name="Jwks">URL or file of the public keys of RS256 and ES256 tokens; null = none are valid.</param>
/// <param name="Issuer">What <c>iss</c> has to be; null = anything.</param>
/// <param name="Audience">What <c>aud</c> has to be or contain; null = anything.</param>
/// <param name="Anonymous">What may be done without a token.</param>
/// <param name="Dev">Whether callers on this machine are given tokens for the asking.</param>
/// <param name="LeewaySeconds">By how much the clock of who makes tokens may differ from ours: a token is good so much before <c>nbf</c> and after <c>exp</c>.</param>
internal sealed record AuthOptions(
    string? Key = null,
    string? Jwks = null,
    string? Issuer = null,
    string? Audience = null,
    AnonymousAccess Anonymous = AnonymousAccess.Watch,
    bool Dev = false,
    int LeewaySeconds = 5)
{
    public const int MinKeyBytes = 32;

    /// <summary>Whether <see cref="Jwks"/> is fetched over HTTP.</summary>
    public bool JwksIsUrl => Jwks is { } text
        && (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase));

    /// <summary>Secrets stay out of logs.</summary>
    public override string ToString() => $"AuthOptions {{ Key = {(Key is null ? "none" : "set")}, Jwks = {Jwks}, Anonymous = {Anonymous}, Dev = {Dev} }}";

    internal static AuthOptions Read(OptionReader read)
    {
        var options = new AuthOptions(
            read.Text("Auth:Key"),
            read.Text("Auth:Jwks"),
            read.Text("Auth:Issuer"),
            read.Text("Auth:Audience"),
            read.Choice("Auth:Anonymous", AnonymousAccess.Watch),
            read.Flag("Auth:Dev", false),
            read.Whole("Auth:LeewaySeconds", new AuthOptions().LeewaySeconds, 0, 300));

        if (options.Key is { } key)
        {
            if (Encoding.UTF8.GetByteCount(key) < MinKeyBytes) read.Refuse("Auth:Key", $"has to have at least {MinKeyBytes} bytes");
            if (key.StartsWith("-----BEGIN", StringComparison.Ordinal)) read.Refuse("Auth:Key", "is a shared secret, not a PEM key; public keys go into Auth:Jwks");
        }

        if (options.Jwks is { } jwks)
        {
            if (options.JwksIsUrl)
            {
                if (!Uri.TryCreate(jwks, UriKind.Absolute, out _)) read.Refuse("Auth:Jwks", "is not a valid URL");
            }
            else if (!File.Exists(jwks))
            {
                read.Refuse("Auth:Jwks", $"is neither an http(s) URL nor a file that is there: {jwks}");
            }
        }

        if (options.Dev)
        {
            foreach (var address in ListenAddresses.NotLoopback(read.Configuration))
                read.Refuse("Auth:Dev", $"gives tokens to anyone on this machine, so the service may listen on loopback addresses only; it is to listen on {address}");
        }

        return options;
    }
}
