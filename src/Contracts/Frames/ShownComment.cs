namespace Interactions.Contracts.Frames;

/// <param name="Id"><c>EPOCH.OFFSET.INDEX</c> of where it was first ordered.</param>
/// <param name="AtMs">Log time, ms since 1970 UTC.</param>
public sealed record ShownComment(string Id, string User, string Name, string Text, long AtMs, string? ReplyTo);
