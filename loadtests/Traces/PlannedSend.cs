namespace Interactions.LoadTests.Traces;

/// <summary>One interaction of a plan: when, from whom, what.</summary>
/// <param name="At">Since the start of the run, speed already applied.</param>
/// <param name="Text">The comment; null = a reaction.</param>
internal sealed record PlannedSend(TimeSpan At, int Author, string? Text, string? Key, string? Kind, int Count);
