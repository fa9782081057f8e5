using Interactions.Contracts.Grains;
using Interactions.Contracts.Timing;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// The streams that this frontend subscribes to. Subscribes at a stream's first use, and leaves it some time after the last. Safe
/// for concurrent callers.
/// </summary>
internal sealed class StreamFeeds : IAsyncDisposable
{
    public StreamFeeds(
        IGrains grains, FrontendId frontend, Outboxes outboxes, FeedOptions options, DeadlineQueue deadlines, TimeProvider time, FeedMetrics metrics, ILogger<StreamFeeds> logger)
    {
        _ = (grains, frontend, outboxes, options, deadlines, time, metrics, logger);
    }

    /// <summary>How many there are.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>The stream's feed, which shows what the stream was at the time of the call or later; null: there is no such stream.</summary>
    /// <exception cref="Contracts.Log.LogUnavailableException">The stream did not answer in time.</exception>
    /// <exception cref="Contracts.Log.LogDamagedException">What is stored of it is not what was written.</exception>
    /// <exception cref="InvalidOperationException">It can't be folded.</exception>
    public Task<StreamFeed?> OpenAsync(string id, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>What has to be known of a stream before something is sent to it; at most 1 s old. Null: there is no such stream.</summary>
    /// <exception cref="Contracts.Log.LogUnavailableException">The stream did not answer in time.</exception>
    /// <exception cref="Contracts.Log.LogDamagedException">What is stored of it is not what was written.</exception>
    /// <exception cref="InvalidOperationException">It can't be folded.</exception>
    public Task<StreamInfo?> FindAsync(string id, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>For what feeds don't answer.</summary>
    public IStreamGrain Grain(string id) => throw new NotImplementedException();

    /// <summary>The stream was changed: what was remembered for <see cref="FindAsync"/> is asked anew.</summary>
    public void Forget(string id) => throw new NotImplementedException();

    /// <summary>Leaves all streams, and says goodbye to all silos.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
