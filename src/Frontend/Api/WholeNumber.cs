namespace Interactions.Frontend.Api;

/// <summary>
/// Reads whole numbers by their value, not by how they are written: to JSON (RFC 8259, 6) <c>3</c>, <c>3.0</c> and <c>30e-1</c> are one
/// number, and some libraries write each number with a fraction. Costs no more than its digits, whatever the exponent.
/// </summary>
internal static class WholeNumber
{
    /// <summary>More than any bound: a number beyond it reads as this.</summary>
    public static readonly Int128 Most = Int128.Parse("1000000000000000000000000000000");

    private const int MostDigits = 30;

    /// <summary>Beyond any number of digits that fit into a message.</summary>
    private const long MostExponent = 1L << 40;

    /// <param name="text">In ASCII, as JSON writes numbers; leading zeros are fine.</param>
    /// <returns>False: it has a fraction, or is no number.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out Int128 value)
    {
        value = 0;
        var isNegative = text.StartsWith("-"u8);
        if (isNegative) text = text[1..];
        if (!TryReadExponent(ref text, out var exponent)) return false;
        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? default : text[(point + 1)..];
        if (!AreDigits(whole) || (point >= 0 && !AreDigits(fraction))) return false;

        // What counts lies between the first and the last digit that is not zero.
        fraction = fraction.TrimEnd((byte)'0');
        if (fraction.IsEmpty)
        {
            var significant = whole.TrimEnd((byte)'0');
            exponent += whole.Length - significant.Length;
            whole = significant;
        }
        else
        {
            exponent -= fraction.Length;
        }

        whole = whole.TrimStart((byte)'0');
        if (whole.IsEmpty) fraction = fraction.TrimStart((byte)'0');
        if (whole.IsEmpty && fraction.IsEmpty) return true;
        if (exponent < 0) return false;
        value = whole.Length + fraction.Length + exponent > MostDigits ? Most : Digits(whole, fraction, (int)exponent);
        if (isNegative) value = -value;
        return true;
    }

    private static bool TryReadExponent(ref ReadOnlySpan<byte> text, out long exponent)
    {
        exponent = 0;
        var at = text.IndexOfAny((byte)'e', (byte)'E');
        if (at < 0) return true;
        var digits = text[(at + 1)..];
        text = text[..at];
        var isNegative = digits.StartsWith("-"u8);
        if (isNegative || digits.StartsWith("+"u8)) digits = digits[1..];
        if (!AreDigits(digits)) return false;
        foreach (var digit in digits) exponent = Math.Min(MostExponent, (exponent * 10) + digit - '0');
        if (isNegative) exponent = -exponent;
        return true;
    }

    private static Int128 Digits(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> fraction, int zeros)
    {
        Int128 value = 0;
        foreach (var digit in whole) value = (value * 10) + (digit - '0');
        foreach (var digit in fraction) value = (value * 10) + (digit - '0');
        for (; zeros > 0; zeros--) value *= 10;
        return value;
    }

    private static bool AreDigits(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');
}
