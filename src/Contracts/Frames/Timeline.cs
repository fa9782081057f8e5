namespace Interactions.Contracts.Frames;

/// <summary>What happened over some of a stream's time. Steps in which nothing happened and nobody watched are left out.</summary>
/// <param name="StepSeconds">As asked for, or the least multiple of it that is enough.</param>
[GenerateSerializer, Immutable, Alias("interactions.timeline")]
public sealed record Timeline(int StepSeconds, IReadOnlyList<TimelineStep> Steps);
