using System.Collections.Immutable;
using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs;

/// <summary>Which offsets of a stream's log belong to which epoch. Immutable.</summary>
/// <param name="Past">The epochs that ended and their last offsets, oldest first; at most <see cref="MaxPast"/>.</param>
/// <param name="Current">The epoch of the newest entry.</param>
internal sealed record LogEpochs(ImmutableArray<(string Epoch, long Last)> Past, string Current)
{
    /// <summary>Positions of epochs before these are of no known epoch.</summary>
    public const int MaxPast = 64;

    public static LogEpochs Of(string epoch) => new([], epoch);

    /// <summary>With the entry that is next.</summary>
    public LogEpochs Append(Position position) => position.Epoch == Current
        ? this
        : new([.. Past.Length < MaxPast ? Past : Past.RemoveAt(0), (Current, position.Offset - 1)], position.Epoch);

    /// <summary>Whether a stream that keeps the offsets first..head can be read on from the position.</summary>
    public ReadStatus Judge(long first, long head, Position after)
    {
        if (!after.IsStart && !Has(after, head)) return ReadStatus.OtherEpoch;
        return after.Offset < first - 1 ? ReadStatus.Trimmed : ReadStatus.Ok;
    }

    /// <summary>Whether a log that ends at the offset has, or had, an entry with this position.</summary>
    public bool Has(Position position, long head)
    {
        var first = 1L;
        foreach (var (epoch, last) in Past)
        {
            if (epoch == position.Epoch) return position.Offset >= first && position.Offset <= last;
            first = last + 1;
        }

        return position.Epoch == Current && position.Offset >= first && position.Offset <= head;
    }
}
