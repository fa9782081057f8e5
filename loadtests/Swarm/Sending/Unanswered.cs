namespace Interactions.LoadTests.Swarm.Sending;

/// <summary>Something that was sent and has no answer yet.</summary>
/// <param name="DueTicks">When it was to be sent.</param>
internal readonly record struct Unanswered(long DueTicks, int Stream, bool IsComment);
