using System.Buffers;

namespace Interactions.Frontend.Admission;

/// <summary>What a user may be called: 1–64 of <c>A-Z a-z 0-9 _ - . @</c>.</summary>
internal static class UserIds
{
    public const int MaxLength = 64;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.@");

    public static bool IsValid(string? id) =>
        id is { Length: >= 1 and <= MaxLength } && !id.AsSpan().ContainsAnyExcept(Allowed);
}
