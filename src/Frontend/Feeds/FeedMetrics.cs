using System.Diagnostics.Metrics;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// What a frontend counts between its viewers and the streams' grains. No stream or user is ever a tag. Safe for concurrent callers;
/// nothing here allocates or waits.
/// </summary>
internal sealed class FeedMetrics
{
    public const string MeterName = "Interactions.Frontend.Feeds";

    public FeedMetrics(IMeterFactory meters) => _ = meters.Create(MeterName);
}
