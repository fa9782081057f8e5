namespace Interactions.Contracts.Log;

/// <summary>
/// What survives the process: the entries and snapshots of each stream, written by one writer at a time. Safe for concurrent
/// callers. Knows nothing of what entries mean. A stream exists from its first entry; reading an unknown one finds it empty.
/// </summary>
/// <remarks>
/// Failures: <see cref="LogUnavailableException"/> (the outcome is unknown; try the same again), <see cref="LogFullException"/> (nothing
/// taken) and <see cref="LogDamagedException"/> (what is stored is not what was written; trying again is of no use). Every
/// implementation passes tests/Specification/StreamLogSpecification.
/// </remarks>
public interface IStreamLog : IAsyncDisposable
{
    /// <summary>Whether a store may come back without the newest of what it took, so that writers have to hold it for <see cref="RestoreAsync"/>.</summary>
    bool MayLose => false;

    /// <summary>
    /// Raised when a store was started again, so that it may have lost the newest of what it took: whoever holds entries makes it
    /// whole. Called on any thread; must return quickly.
    /// </summary>
    event Action? Restarted;

    /// <summary>
    /// Takes the entry if <paramref name="head"/> is the last entry, by its position, writer and number: the fence that no second writer
    /// passes. Atomic; durable when it returns. Giving up waiting does not take an append back.
    /// </summary>
    /// <param name="head">The last entry as the writer knows it; at <see cref="Position.Start"/> = the stream has none.</param>
    /// <param name="entry">
    /// Stands directly after the head: with the next offset, in the head's epoch or in one that begins with it. The first entry of a
    /// stream has offset 1.
    /// </param>
    ValueTask<AppendResult> AppendAsync(string stream, LogHead head, Entry entry, CancellationToken cancellationToken = default);

    /// <summary>
    /// Up to <paramref name="max"/> entries after the position, in order, none missing. A page may end early when its entries are
    /// large; <see cref="ReadResult.Head"/> says whether there are more.
    /// </summary>
    ValueTask<ReadResult> ReadAsync(string stream, Position after, int max, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes a store whole that was started again: adds the entries that it lacks and lets appends go on in the same epoch. Taken
    /// only if the store was started again since the last append, its head is not after the last of these entries, and they (or the
    /// snapshot before them) follow on the entry that it has there; else refused with the head there is. The first who restores wins.
    /// </summary>
    /// <param name="snapshot">Stored first when the store's head is before the first of <paramref name="entries"/>: what lies between is no longer kept. Null = none.</param>
    /// <param name="before">The entry before the first of <paramref name="entries"/>; null = it is not known, so that they follow on no head but the snapshot.</param>
    /// <param name="entries">The newest ones, dense, up to the head as the writer knows it; at least one.</param>
    ValueTask<AppendResult> RestoreAsync(
        string stream, LogSnapshot? snapshot, LogHead? before, IReadOnlyList<Entry> entries, CancellationToken cancellationToken = default);

    /// <summary>
    /// The newest stored snapshot with <see cref="LogSnapshot.AtMs"/> at most <paramref name="notAfterMs"/>; if all are newer, the
    /// oldest one held; null if there is none.
    /// </summary>
    ValueTask<LogSnapshot?> GetSnapshotAsync(string stream, long notAfterMs = long.MaxValue, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores a snapshot, if the log has this entry at its position and it is newer than the newest one (else false). The two newest
    /// are kept, and the log is never trimmed past the second-newest.
    /// </summary>
    /// <param name="last">The last entry that is folded into it.</param>
    ValueTask<bool> PutSnapshotAsync(string stream, LogHead last, LogSnapshot snapshot, CancellationToken cancellationToken = default);

    /// <summary>
    /// Erases the stream's entries and snapshots if <paramref name="head"/> is the last entry, else changes nothing. A stream that
    /// is not there is erased.
    /// </summary>
    /// <param name="head">Null: whatever it holds, also if that is damaged.</param>
    /// <returns>False when the head is another.</returns>
    ValueTask<bool> DeleteAsync(string stream, LogHead? head, CancellationToken cancellationToken = default);

    /// <summary>The names of the streams that it holds, in no promised order.</summary>
    IAsyncEnumerable<string> ListAsync(CancellationToken cancellationToken = default);
}
