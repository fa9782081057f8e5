namespace Interactions.Silo.Streams;

/// <summary>What happened from the start of a stream to its last entry, step by step, none left out.</summary>
public sealed record Timeline(int StepSeconds, IReadOnlyList<TimelineStep> Steps);
