using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Interactions.Contracts;

/// <summary>
/// A place in a stream's log: just after the entry with this offset. Written <c>EPOCH.OFFSET</c>.
/// Offsets are dense and start at 1 in each epoch; offset 0 is before the first entry.
/// Positions of different epochs do not compare.
/// </summary>
[GenerateSerializer, Immutable, Alias("interactions.position")]
public readonly record struct Position(string Epoch, long Offset)
{
    /// <summary>Before everything, whatever the epoch.</summary>
    public static Position Start { get; } = new("", 0);

    public bool IsStart => Offset == 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Epoch}.{Offset}");

    public static bool TryParse([NotNullWhen(true)] string? text, out Position position)
    {
        position = Start;
        var dot = text?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        if (dot <= 0 || dot > Epochs.MaxLength) return false;
        if (!long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)) return false;
        for (var i = 0; i < dot; i++)
        {
            if (!char.IsAsciiLetterOrDigit(text![i])) return false;
        }

        position = new Position(text![..dot], offset);
        return true;
    }
}
