using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Timing;

namespace Interactions.Frontend.Feeds;

/// <summary>What this frontend sends to streams, in batches. Safe for concurrent callers.</summary>
internal sealed class Outboxes : IDisposable
{
    public Outboxes(IGrains grains, FrontendId frontend, FeedOptions options, DeadlineQueue deadlines, TimeProvider time, FeedMetrics metrics, ILogger<Outboxes> logger)
    {
        _ = (grains, frontend, options, deadlines, time, metrics, logger);
    }

    /// <summary>Sends what somebody sent at once. Results are in the order of the items.</summary>
    /// <param name="info">Of the stream as the sender was checked against it; another creation of the id takes nothing.</param>
    /// <exception cref="StreamGoneException">There is no such stream, or it is another creation. Nothing was taken.</exception>
    /// <exception cref="Contracts.Log.LogUnavailableException">The outcome of some is unknown.</exception>
    /// <exception cref="Contracts.Log.LogFullException">Too much is waiting, or the log has no room.</exception>
    /// <exception cref="Contracts.Log.LogDamagedException">What is stored of the stream is not what was written.</exception>
    /// <exception cref="InvalidOperationException">The stream can't be folded.</exception>
    public Task<ItemResult[]> SendAsync(StreamInfo info, IReadOnlyList<Submitted> items) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
