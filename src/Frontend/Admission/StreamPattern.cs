namespace Interactions.Frontend.Admission;

/// <summary>What a token's <c>streams</c> names: one id, or every id that begins so.</summary>
internal readonly record struct StreamPattern(string Text, bool IsPrefix)
{
    /// <summary>Every stream.</summary>
    public static readonly StreamPattern All = new("", true);

    /// <summary>
    /// The same streams as all of these name, in the order of their ids and none of them twice: what lies within another is left out.
    /// </summary>
    /// <param name="streams">As in a token; null = every stream.</param>
    public static List<StreamPattern> Distinct(IReadOnlyList<string>? streams)
    {
        if (streams is null) return [All];
        List<StreamPattern> sorted = [.. streams.Select(Parse)];
        sorted.Sort(static (one, other) =>
        {
            var order = string.CompareOrdinal(one.Text, other.Text);
            return order != 0 ? order : other.IsPrefix.CompareTo(one.IsPrefix);
        });

        // What begins like a prefix stands right behind it.
        List<StreamPattern> distinct = [];
        foreach (var pattern in sorted)
        {
            if (distinct.Count == 0 || !distinct[^1].Covers(pattern)) distinct.Add(pattern);
        }

        return distinct;
    }

    private static StreamPattern Parse(string pattern) => pattern.EndsWith('*') ? new(pattern[..^1], true) : new(pattern, false);

    private bool Covers(StreamPattern other) =>
        IsPrefix ? other.Text.StartsWith(Text, StringComparison.Ordinal) : !other.IsPrefix && other.Text == Text;
}
