using Interactions.Contracts.Grains;
using Interactions.Contracts.Timing;

namespace Interactions.Frontend.Feeds;

/// <summary>What all feeds of a frontend share.</summary>
/// <param name="Observer">Whom grains push to; there when the cluster is.</param>
internal sealed record FeedContext(
    IGrains Grains,
    FrontendId Frontend,
    Lazy<IFeedObserver> Observer,
    Outboxes Outboxes,
    SubscriptionPacer Pacer,
    FeedOptions Options,
    DeadlineQueue Deadlines,
    TimeProvider Time,
    FeedMetrics Metrics,
    ILogger Logger)
{
    /// <summary>Told which silos have streams.</summary>
    public required Action<string> SiloKnown { get; init; }
}
