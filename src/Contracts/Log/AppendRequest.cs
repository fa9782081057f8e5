namespace Interactions.Contracts.Log;

/// <param name="Producer">New per process and per epoch; 1–64 ASCII characters.</param>
/// <param name="Previous">The producer's last sequence in this stream; 0 = none yet.</param>
/// <param name="Sequence">Greater than <paramref name="Previous"/>.</param>
/// <param name="Batch">1 byte to 4 MB.</param>
/// <param name="NotBeforeMs">The newest relayed origin time in the batch, ms since 1970 UTC: log time does not lag it. 0 = none.</param>
public sealed record AppendRequest(string Producer, long Previous, long Sequence, ReadOnlyMemory<byte> Batch, long NotBeforeMs = 0)
{
    /// <summary>
    /// What log time is by real time since the newest entry that the producer knows, ms since 1970 UTC; 0 = it does not
    /// know. Log time goes by this where the store's clock says something else by more than a minute.
    /// </summary>
    public long DueMs { get; init; }

    /// <summary>Where the batch was first ordered, when it is put back after its store lost it.</summary>
    public Position? Origin { get; init; }

    /// <summary>
    /// Where <see cref="Previous"/> was taken. A store that came back without it, in a later life of the same stream, takes the
    /// batch all the same, unless the stream was deleted; null: it refuses.
    /// </summary>
    public Position? PreviousAt { get; init; }
}
