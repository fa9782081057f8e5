using System.Text;

namespace Interactions.Silo.Logs.File;

/// <summary>Makes one string of a name that is read many times. Not thread-safe.</summary>
internal sealed class NamePool
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public string Get(ReadOnlySpan<byte> ascii)
    {
        Span<char> name = stackalloc char[byte.MaxValue];
        name = name[..Encoding.ASCII.GetChars(ascii, name)];
        var known = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(name, out var held)) return held;
        held = new string(name);
        _names.Add(held);
        return held;
    }
}
