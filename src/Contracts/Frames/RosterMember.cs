namespace Interactions.Contracts.Frames;

public readonly record struct RosterMember(string User, string Name);
