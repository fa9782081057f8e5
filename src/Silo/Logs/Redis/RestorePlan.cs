using Interactions.Contracts;
using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs.Redis;

/// <summary>What has to be written to make a stream whole whose server was started again.</summary>
/// <param name="Missing">The entries that the store lacks; none when it lost nothing.</param>
/// <param name="Snapshot">Stored before them, if it is newer than what is stored; null = none.</param>
/// <param name="Replaces">Whether what is stored goes first, because entries between it and the missing ones are gone.</param>
/// <param name="Epochs">Up to the head that it has then.</param>
internal sealed record RestorePlan(IReadOnlyList<Entry> Missing, LogSnapshot? Snapshot, bool Replaces, LogEpochs Epochs)
{
    /// <param name="before">The entry before the first one; null = it is not known.</param>
    /// <returns>Null: refused, for somebody else went on, or this does not follow on what is stored.</returns>
    public static RestorePlan? For(StoredHead store, LogSnapshot? snapshot, LogHead? before, IReadOnlyList<Entry> entries)
    {
        var (first, last) = (entries[0].Position, entries[^1].Position);
        if (!store.IsRestarted || store.Offset > last.Offset || entries.Any(entry => store.IsGone(entry.Position.Epoch))) return null;
        if (store.Epochs is not null && store.Offset >= first.Offset)
        {
            var known = (int)(store.Offset - first.Offset);
            return store.Last == LogHead.Of(entries[known]) ? new([.. entries.Skip(known + 1)], null, Replaces: false, Follow(store.Epochs, entries.Skip(known + 1))) : null;
        }

        if (first.Offset == 1) before = LogHead.Empty;
        var isReached = store.Last == before;
        if (!isReached && before is not null && store.Offset == first.Offset - 1) return null; // another entry stands there
        if (!isReached && (snapshot is null || snapshot.Position.Offset < first.Offset - 1)) return null;
        if (store.Epochs is { } stored && !MayFollow(stored, first.Epoch)) return null;
        var epochs = !isReached && snapshot!.Position.Offset == first.Offset - 1 ? RedisEpochs.Append(store.Epochs, snapshot.Position) : store.Epochs;
        return new(entries, snapshot, Replaces: !isReached, Follow(epochs, entries));
    }

    // Lives only rise: an epoch that began before the stored one was ended by it.
    private static bool MayFollow(LogEpochs stored, string epoch) =>
        epoch == stored.Current || (Contracts.Epochs.CompareLives(epoch, stored.Current) > 0 && stored.Past.All(past => past.Epoch != epoch));

    private static LogEpochs Follow(LogEpochs? epochs, IEnumerable<Entry> entries) =>
        entries.Aggregate(epochs, static (epochs, entry) => RedisEpochs.Append(epochs, entry.Position))!;
}
