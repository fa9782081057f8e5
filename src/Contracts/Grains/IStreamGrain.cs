using Interactions.Contracts.Directory;

namespace Interactions.Contracts.Grains;

/// <summary>
/// A live stream, its key the stream's id: the only one that orders, folds, stores and publishes. Outcomes are codes in the answers;
/// an exception means that the grain could not be asked, or is broken.
/// </summary>
[Alias("interactions.stream")]
public interface IStreamGrain : IGrainWithStringKey
{
    /// <summary>What a frontend has to know before it sends something; null: there is no such stream.</summary>
    [Alias("find")]
    Task<StreamInfoAnswer> FindAsync();

    /// <summary>
    /// Takes a batch, once: the same sequence again gets the first answer. It is durable and ordered when it is answered.
    /// </summary>
    [Alias("send")]
    Task<SendAnswer> SendAsync(SendRequest request);

    /// <summary>Adds the frontend to those who are pushed what each entry changes, and gives what it lacks, in one step; if that is large, its first piece.</summary>
    [Alias("subscribe")]
    Task<SubscribeAnswer> SubscribeAsync(SubscribeRequest request);

    /// <summary>Another piece of what a subscription was answered; kept until 10 s after the frontend's last call for one.</summary>
    [Alias("readPiece")]
    Task<PieceAnswer> ReadPieceAsync(string frontend, long token, int piece);

    /// <summary>Stops pushing to the frontend. Answered, so that a frontend that comes back at once does not undo its own subscription.</summary>
    [Alias("unsubscribe")]
    Task UnsubscribeAsync(string frontend);

    /// <summary>Creates the stream or changes its settings.</summary>
    [Alias("configure"), ResponseTimeout("00:00:10")]
    Task<ChangeAnswer> ConfigureAsync(ConfigureRequest request);

    /// <summary>Starts or ends the stream of that creation.</summary>
    [Alias("setStatus"), ResponseTimeout("00:00:10")]
    Task<ChangeAnswer> SetStatusAsync(ulong creation, StreamStatus status);

    /// <summary>Erases the stream of that creation: its log, its snapshots, its row in the directory.</summary>
    [Alias("delete"), ResponseTimeout("00:00:10")]
    Task<ChangeAnswer> DeleteAsync(ulong creation);

    /// <summary>Finishes what was begun and left, for the directory.</summary>
    [Alias("settle"), ResponseTimeout("00:00:10")]
    Task SettleAsync(DirectoryIntent intent);

    /// <summary>A snapshot as this viewer may see it (null: someone without a name).</summary>
    [Alias("snapshot")]
    Task<FrameAnswer> SnapshotAsync(string? viewer);

    [Alias("me")]
    Task<MeAnswer> MeAsync(string user);

    /// <summary>Oldest first: the newest before that comment (null: of all).</summary>
    [Alias("comments")]
    Task<CommentsAnswer> CommentsAsync(string? before, int limit, string? viewer);

    /// <summary>Running bans in the order of the users' ids, after that id (null: of all).</summary>
    [Alias("bans")]
    Task<BansAnswer> BansAsync(string? after, int limit);

    [Alias("timeline")]
    Task<TimelineAnswer> TimelineAsync(int stepSeconds, long? fromMs, long? toMs);

    /// <summary>Entries after the position, in order, about <paramref name="maxBytes"/> of them at the most, but one if there is any.</summary>
    [Alias("readLog")]
    Task<LogAnswer> ReadLogAsync(Position after, int max, int maxBytes);
}
