using System.Buffers;

namespace Interactions.Contracts;

/// <summary>What a stream may be called: 1–64 of <c>A-Z a-z 0-9 _ -</c>. Names with a <c>$</c> are the service's own.</summary>
public static class StreamIds
{
    public const int MaxLength = 64;

    /// <summary>The stream that lists all streams.</summary>
    public const string Directory = "$streams";

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Whether a stream is the service's own.</summary>
    public static bool IsOwn(string id) => id.StartsWith('$');

    public static bool IsValid(string? id) =>
        id is { Length: >= 1 and <= MaxLength } && !id.AsSpan().ContainsAnyExcept(Allowed);
}
