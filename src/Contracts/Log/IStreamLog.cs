namespace Interactions.Contracts.Log;

/// <summary>
/// The only thing that orders, stores and distributes. Safe for concurrent callers. Knows nothing of what
/// batches mean. A stream exists from its first append; reading an unknown one finds it empty.
/// </summary>
/// <remarks>
/// Failures: <see cref="LogUnavailableException"/> (outcome unknown, retry the same sequence), <see cref="LogFullException"/> (nothing
/// taken) and <see cref="LogDamagedException"/> (what is stored is not what was written; trying again is of no use). Every implementation passes tests/Specification/StreamLogSpecification.
/// </remarks>
public interface IStreamLog : IAsyncDisposable
{
    /// <summary>
    /// True when other nodes may use the same store. False: this process is the only one, so every other
    /// node that a stream remembers is gone.
    /// </summary>
    bool IsShared { get; }

    /// <summary>Where a stream that is being created is to be kept, for a log of several stores; null = there is only one.</summary>
    string? Place(string stream) => null;

    /// <summary>The clock of the store that holds the stream, ms since 1970 UTC, as far as it was heard; null = this process's own counts.</summary>
    long? StoreClockMs(string stream) => null;

    /// <summary>
    /// Takes the batch if <see cref="AppendRequest.Previous"/> is the producer's last sequence in this stream. The last
    /// sequence again returns the first answer and adds nothing; anything else is refused with the last one held.
    /// Atomic; durable when it returns. Giving up waiting does not take an append back.
    /// </summary>
    ValueTask<AppendResult> AppendAsync(string stream, AppendRequest request, CancellationToken cancellationToken = default);

    /// <summary>Up to <paramref name="max"/> entries after the position, in order, none missing.</summary>
    ValueTask<ReadResult> ReadAsync(string stream, Position after, int max, CancellationToken cancellationToken = default);

    /// <summary>
    /// Every entry after the position, in order, none missing, none twice, as it becomes durable. Completes when the
    /// stream is deleted; throws <see cref="PositionLostException"/> when the position can't be read from (any more).
    /// A reader that is slow costs the log nothing but reads.
    /// </summary>
    IAsyncEnumerable<Entry> TailAsync(string stream, Position after, CancellationToken cancellationToken = default);

    /// <summary>
    /// The newest stored snapshot with <see cref="LogSnapshot.AtMs"/> at most <paramref name="notAfterMs"/>;
    /// if all are newer, the oldest one held; null if there is none.
    /// </summary>
    ValueTask<LogSnapshot?> GetSnapshotAsync(string stream, long notAfterMs = long.MaxValue, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores a snapshot if it is newer than the newest one of the same epoch (else false). The two newest are kept,
    /// and the log is never trimmed past the second-newest.
    /// </summary>
    ValueTask<bool> PutSnapshotAsync(string stream, LogSnapshot snapshot, CancellationToken cancellationToken = default);

    /// <summary>
    /// Erases the stream's entries, producers and snapshots; tails complete. A later append starts a new epoch.
    /// Unknown streams are no error.
    /// </summary>
    ValueTask DeleteAsync(string stream, CancellationToken cancellationToken = default);
}
