using Interactions.Contracts;
using Interactions.Contracts.Frames;

namespace Interactions.Silo.Streams;

/// <summary>
/// What the fold decided: the only thing that changes a region's part, here and wherever it is relayed to.
/// Users are hashes of the stream's seed unless they are shown.
/// </summary>
public abstract record Effect;

public sealed record TapsAdded(string Kind, long Count) : Effect;

/// <summary>A once-per-user reaction went on or off.</summary>
public sealed record ReactionSet(string Kind, ulong User, bool On) : Effect
{
    /// <summary>What it changed in the total when it was folded: -1, 0 or 1.</summary>
    public int Change { get; init; }
}

/// <param name="Author">The hash of <see cref="ShownComment.User"/>.</param>
/// <param name="Shadow">Shown to its author only.</param>
public sealed record CommentAdded(ShownComment Comment, ulong Author, bool Shadow) : Effect;

/// <param name="CommentAtMs">The comment's log time, by which tombstones age.</param>
/// <param name="OnlyFor">The author of a shadow comment; null = everyone saw it.</param>
public sealed record CommentRemoved(string Id, long CommentAtMs, string? OnlyFor) : Effect;

public sealed record PinSet(ShownComment? Comment) : Effect;

public sealed record CueShown(ShownCue Cue) : Effect;

/// <param name="User">The hash of <paramref name="UserId"/>.</param>
/// <param name="UntilMs">Log time; <see cref="long.MaxValue"/> = until unbanned, 0 = unbanned.</param>
public sealed record BanSet(ulong User, string UserId, long UntilMs, bool Shadow) : Effect
{
    /// <summary>Whether the user may notice: a shadow ban that is set or lifted shows them nothing.</summary>
    public bool IsTold { get; init; }
}

public sealed record PollOpened(string Id, string Question, IReadOnlyList<string> Choices) : Effect;

/// <param name="Poll">Which poll: where its opening stands.</param>
public sealed record PollClosed(PollKey Poll) : Effect;

public sealed record VoteSet(PollKey Poll, ulong User, int Choice) : Effect
{
    /// <summary>Whether the counts changed when it was folded.</summary>
    public bool Changed { get; init; }
}

/// <summary>All settings as they are now.</summary>
/// <param name="Creation">Set when it is what created the stream.</param>
public sealed record SettingsSet(StreamSettings Settings, StreamCreation? Creation) : Effect;

public sealed record StreamCreation(string Owner, ulong Seed);

public sealed record StatusChanged(StreamStatus Status) : Effect;

public sealed record FrontendCounted(string Frontend, int Count) : Effect;

/// <summary>A user is in the room over a frontend.</summary>
public sealed record RosterEntered(string Frontend, string User, string Name) : Effect
{
    /// <summary>Whether the user was in the room before, over another frontend.</summary>
    public bool WasThere { get; init; }
}

public sealed record RosterExited(string Frontend, string User) : Effect
{
    /// <summary>Whether the user is in the room still, over another frontend.</summary>
    public bool StillThere { get; init; }
}

/// <param name="Left">The users who are not in the room any more.</param>
public sealed record FrontendRemoved(string Frontend, IReadOnlyList<string> Left) : Effect;

/// <summary>The room became too large for a roster, or keeps none.</summary>
/// <param name="Left">Who was in it.</param>
public sealed record RosterClosed(IReadOnlyList<string> Left) : Effect;

public sealed record RosterOpened : Effect;
