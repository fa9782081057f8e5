namespace Interactions.Contracts.Frames;

/// <param name="AtMs">Where the step begins, ms since 1970 UTC.</param>
/// <param name="Reactions">Net change by kind.</param>
/// <param name="ViewersMean">Weighted by time.</param>
[GenerateSerializer, Immutable, Alias("interactions.timelineStep")]
public sealed record TimelineStep(long AtMs, IReadOnlyList<KindCount> Reactions, long Comments, double ViewersMean, int ViewersPeak);
