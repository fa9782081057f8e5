using System.Globalization;

namespace Interactions.Contracts;

/// <summary>
/// Names of a log's lives, such as <c>mj3k2x9q0</c> and four random characters: when it began, so that lives only rise, and what
/// tells apart two that began in the same millisecond. They are no secrets.
/// </summary>
public static class Epochs
{
    /// <summary>Longest epoch that a <see cref="Position"/> parses, in characters.</summary>
    public const int MaxLength = 32;

    /// <summary>Base 36 digits of milliseconds since 1970: enough until the year 5188.</summary>
    private const int TimeLength = 9;

    private const int RandomLength = 4;
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>A name for a life that begins now.</summary>
    /// <param name="nowMs">The clock, ms since 1970 UTC.</param>
    /// <param name="previous">The stream's life before it; the new one comes after it whatever the clock says. Null = none is known.</param>
    public static string New(long nowMs, string? previous = null)
    {
        var began = Math.Max(0, nowMs);
        if (previous is not null && LifeOf(previous) is var before && before >= began) began = before + 1;
        return string.Create(TimeLength + RandomLength, began, static (text, began) =>
        {
            for (var i = TimeLength - 1; i >= 0; i--) (began, text[i]) = (began / Alphabet.Length, Alphabet[(int)(began % Alphabet.Length)]);
            Random.Shared.GetItems(Alphabet, text[TimeLength..]);
        });
    }

    /// <summary>A name that no other has: 13 characters of <c>0-9 a-z</c>, for what has no order.</summary>
    public static string New() => string.Create(TimeLength + RandomLength, 0, static (text, _) => Random.Shared.GetItems(Alphabet, text));

    /// <summary>Below 0: the first life is the earlier one; 0: they are the same or can't be told apart by time.</summary>
    public static int CompareLives(string one, string other) => LifeOf(one).CompareTo(LifeOf(other));

    private static long LifeOf(string epoch)
    {
        var life = 0L;
        foreach (var digit in epoch.AsSpan(0, Math.Min(TimeLength, epoch.Length)))
        {
            life = (life * Alphabet.Length) + Math.Max(0, Alphabet.IndexOf(char.ToLower(digit, CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        return life;
    }
}
