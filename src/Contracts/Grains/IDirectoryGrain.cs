using Interactions.Contracts.Directory;

namespace Interactions.Contracts.Grains;

/// <summary>
/// One partition of the directory of streams, its key the partition's number (<see cref="DirectoryPartitions"/>). What changes a
/// stream's row writes the intent here first; one that is open for 10 s is settled by the stream's grain. Durable when it returns.
/// </summary>
/// <remarks>Every call throws <see cref="Log.LogUnavailableException"/> when the log does not answer: the outcome is unknown.</remarks>
[Alias("interactions.directory")]
public interface IDirectoryGrain : IGrainWithIntegerKey
{
    /// <summary>Returns when what the last life of the process left half done was tried to be settled; at once in a cluster.</summary>
    [Alias("settled")]
    Task SettledAsync();

    /// <summary>The row of a stream and whether it is being deleted; null: it is not listed.</summary>
    [Alias("find")]
    Task<DirectoryRow?> FindAsync(string id);

    /// <summary>Writes down what is about to happen to a stream.</summary>
    /// <returns>
    /// Whether it may: a creation needs an id that is free, any other change a row of that creation, and the first deletion stands.
    /// </returns>
    [Alias("begin")]
    Task<bool> BeginAsync(DirectoryIntent intent);

    /// <summary>The stream of that creation shows this now, and the intent (null: none) is done.</summary>
    [Alias("finish")]
    Task FinishAsync(string id, ulong creation, string? intent, string title, StreamStatus status);

    /// <summary>The stream's log is erased: its id is free, and its creation does not come back for 30 days.</summary>
    [Alias("finishDeletion")]
    Task FinishDeletionAsync(string id, ulong creation);

    /// <summary>Gives up a creation of which nothing was stored.</summary>
    [Alias("cancel")]
    Task CancelAsync(string id, ulong creation, string intent);

    /// <summary>Up to <paramref name="limit"/> rows in the order of their ids, of those that begin with the prefix and come after that id.</summary>
    [Alias("page")]
    Task<IReadOnlyList<DirectoryRow>> PageAsync(StreamStatus? status, string prefix, string after, int limit);

    /// <summary>The ids of the streams that a user owns in this partition.</summary>
    [Alias("ownedBy")]
    Task<IReadOnlyList<string>> OwnedByAsync(string user);
}
