namespace Interactions.Contracts.Frames;

/// <summary>Who is there: the distinct users with a name, and who came and went since the viewer's frame before.</summary>
public sealed record ShownRoster(int Count, IReadOnlyList<RosterMember> Joined, IReadOnlyList<string> Left);
