using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Redis;

/// <summary>
/// The lives that a stream had in its store: in each, offsets go on from the last of the one before. A position of
/// an earlier life is still good as far as the store held that life when it ended.
/// </summary>
/// <param name="Epoch">Of the present life; empty if there is no such stream.</param>
/// <param name="Head">The newest offset.</param>
/// <param name="First">The oldest offset kept.</param>
/// <param name="Earlier">Epoch → the last offset that the store held of it.</param>
internal readonly record struct Lives(string Epoch, long Head, long First, IReadOnlyDictionary<string, long> Earlier)
{
    private static readonly Dictionary<string, long> None = [];

    public bool Exists => Epoch.Length > 0;

    public Position HeadPosition => Exists ? new(Epoch, Head) : Position.Start;

    /// <param name="earlier"><c>epoch:end</c>, each followed by a space.</param>
    public static Lives Parse(string epoch, long head, long first, string earlier)
    {
        if (earlier.Length == 0) return new(epoch, head, first, None);
        Dictionary<string, long> lives = [];
        foreach (var life in earlier.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = life.IndexOf(':', StringComparison.Ordinal);
            lives[life[..colon]] = RedisEntry.Number(life[(colon + 1)..]);
        }

        return new(epoch, head, first, lives);
    }

    public ReadStatus Judge(Position after)
    {
        if (!Exists) return after.IsStart ? ReadStatus.Ok : ReadStatus.OtherEpoch;
        return !after.IsStart && after.Epoch != Epoch && Earlier.TryGetValue(after.Epoch, out var end) && after.Offset <= end
            ? LogRules.Judge(after.Epoch, First, Head, after)
            : LogRules.Judge(Epoch, First, Head, after);
    }

    /// <summary>The last offset of the epoch that the store holds; null if it never heard of it.</summary>
    public long? EndOf(string epoch) => epoch == Epoch ? Head : Earlier.TryGetValue(epoch, out var end) ? end : null;
}
