using Interactions.Contracts.Views;

namespace Interactions.Silo.Grains;

/// <summary>
/// What subscribers are given in pieces, as it was when they subscribed: one content a frontend, for 10 s after it was last asked for.
/// Holds what the ring holds too, not copies. Not for concurrent callers.
/// </summary>
internal sealed class PieceStore(TimeProvider time)
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, Kept> _all = new(StringComparer.Ordinal);

    /// <summary>How many contents are kept.</summary>
    public int Count => _all.Count;

    /// <summary>Keeps them in place of what the frontend was given before.</summary>
    /// <returns>The token.</returns>
    public long Add(string frontend, IReadOnlyList<FeedContent> pieces)
    {
        var kept = new Kept(Random.Shared.NextInt64(), pieces, time.GetTimestamp());
        _all[frontend] = kept;
        _ = DropAsync(frontend, kept);
        return kept.Token;
    }

    /// <returns>Null when it is not kept any more.</returns>
    public FeedContent? Find(string frontend, long token, int piece)
    {
        if (!_all.TryGetValue(frontend, out var kept) || kept.Token != token || time.GetElapsedTime(kept.UsedAt) >= KeepFor) return null;
        kept.UsedAt = time.GetTimestamp();
        return kept.Pieces.ElementAtOrDefault(piece);
    }

    private async Task DropAsync(string frontend, Kept kept)
    {
        while (KeepFor - time.GetElapsedTime(kept.UsedAt) is var left && left > TimeSpan.Zero) await Task.Delay(left, time);
        if (_all.GetValueOrDefault(frontend) == kept) _all.Remove(frontend);
    }

    private sealed class Kept(long token, IReadOnlyList<FeedContent> pieces, long usedAt)
    {
        public long Token => token;

        public IReadOnlyList<FeedContent> Pieces => pieces;

        public long UsedAt { get; set; } = usedAt;
    }
}
