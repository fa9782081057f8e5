namespace Interactions.Contracts.Frames;

public sealed record ShownPoll(string Id, string Question, IReadOnlyList<string> Choices, IReadOnlyList<long> Votes, bool Open);
