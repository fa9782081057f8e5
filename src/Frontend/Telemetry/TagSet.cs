using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Interactions.Frontend.Telemetry;

/// <summary>A measurement's tags, as a key that a span of tags can be looked up by without allocating.</summary>
internal sealed class TagSet(KeyValuePair<string, object?>[] tags)
{
    public static IEqualityComparer<TagSet> Comparer { get; } = new ByValue();

    private ReadOnlySpan<KeyValuePair<string, object?>> Tags => tags;

    /// <summary>As Prometheus writes them, by name; the order they came in makes no difference here.</summary>
    public string Labels()
    {
        var byName = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in tags)
            byName[PrometheusText.LabelName(name)] = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return string.Join(',', byName.Select(label => $"{label.Key}=\"{PrometheusText.EscapeLabel(label.Value)}\""));
    }

    private sealed class ByValue : IEqualityComparer<TagSet>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, TagSet>
    {
        public bool Equals(TagSet? one, TagSet? other) => ReferenceEquals(one, other) || (one is not null && other is not null && Equals(one.Tags, other));

        public int GetHashCode([DisallowNull] TagSet set) => GetHashCode(set.Tags);

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> alternate, TagSet other)
        {
            var tags = other.Tags;
            if (alternate.Length != tags.Length) return false;
            for (var i = 0; i < tags.Length; i++)
            {
                if (!string.Equals(alternate[i].Key, tags[i].Key, StringComparison.Ordinal) || !Equals(alternate[i].Value, tags[i].Value)) return false;
            }

            return true;
        }

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> alternate)
        {
            var hash = new HashCode();
            foreach (var (name, value) in alternate)
            {
                hash.Add(name, StringComparer.Ordinal);
                hash.Add(value);
            }

            return hash.ToHashCode();
        }

        public TagSet Create(ReadOnlySpan<KeyValuePair<string, object?>> alternate) => new(alternate.ToArray());
    }
}
