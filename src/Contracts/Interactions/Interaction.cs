namespace Interactions.Contracts.Interactions;

/// <summary>
/// Something that a person sends to a stream. Shapes are already checked (types, lengths that the
/// protocol fixes); whether it is allowed is the fold's decision.
/// </summary>
public abstract record Interaction;

/// <summary>1–100 taps of a kind; with once-per-user reactions any positive count is "on" and 0 takes it back.</summary>
public sealed record Reaction(string Kind, int Count) : Interaction;

public sealed record Comment(string Text, string? ReplyTo) : Interaction;

/// <summary>Something happened on the broadcast.</summary>
/// <param name="Name">1–64 characters.</param>
/// <param name="Data">Any JSON value as UTF-8, minified, or empty for none.</param>
public sealed record Cue(string Name, ReadOnlyMemory<byte> Data) : Interaction;

public sealed record Pin(string CommentId) : Interaction;

public sealed record Unpin : Interaction;

public sealed record Delete(string CommentId) : Interaction;

/// <param name="User">Who.</param>
/// <param name="Seconds">For how long; null = until unbanned.</param>
/// <param name="Shadow">True: their comments are accepted and shown to them only.</param>
public sealed record Ban(string User, int? Seconds, bool Shadow) : Interaction;

public sealed record Unban(string User) : Interaction;

public sealed record OpenPoll(string Id, string Question, IReadOnlyList<string> Choices) : Interaction;

public sealed record ClosePoll(string Id) : Interaction;

/// <param name="Poll">The poll's id.</param>
/// <param name="Choice">Index into its choices.</param>
public sealed record Vote(string Poll, int Choice) : Interaction;
