namespace Interactions.Frontend.Admission;

/// <summary>Who a valid token says is there. Immutable; says nothing about whether the token is still valid now.</summary>
/// <param name="User">The token's <c>sub</c>.</param>
/// <param name="Name">As shown to others; the user id when the token has none.</param>
/// <param name="Role">The most it allows anywhere.</param>
/// <param name="Streams">Ids or <c>prefix*</c> that the token is for; null = every stream.</param>
/// <param name="ExpiresAtMs">From when on it is refused, leeway included, ms since 1970 UTC.</param>
internal sealed record Identity(string User, string Name, Role Role, IReadOnlyList<string>? Streams, long ExpiresAtMs)
{
    /// <summary>Whether the token is good for this stream at all.</summary>
    public bool Covers(string stream) => Streams is null || Matches(Streams, stream);

    /// <summary>Whether the token says this stream's name, by id or prefix: what lets others than the owner act on it.</summary>
    public bool Names(string stream) => Streams is not null && Matches(Streams, stream);

    private static bool Matches(IReadOnlyList<string> patterns, string stream)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.EndsWith('*')
                    ? stream.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)
                    : string.Equals(pattern, stream, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
