using Interactions.Contracts.Frames;

namespace Interactions.Contracts.Effects;

/// <summary>
/// What an entry changed of what viewers see. It carries the new values, so that applying it needs no tables of users, keys or
/// rules. Immutable.
/// </summary>
public abstract record ViewEffect
{
    /// <summary>About what it costs to keep, in bytes.</summary>
    public virtual int SizeBytes => 48;
}

/// <param name="Change">Since the entry before; may be negative or 0.</param>
/// <param name="Total">After the entry.</param>
public sealed record TotalChanged(string Kind, long Change, long Total) : ViewEffect;

/// <param name="Shadow">Shown to its author only.</param>
public sealed record CommentShown(ShownComment Comment, bool Shadow) : ViewEffect
{
    public override int SizeBytes => 160 + (2 * (Comment.Text.Length + Comment.Name.Length + Comment.User.Length + Comment.Id.Length));
}

/// <param name="OnlyFor">The author of a shadow comment; null = everyone saw it.</param>
public sealed record CommentHidden(string Id, string? OnlyFor) : ViewEffect
{
    public override int SizeBytes => 72 + (2 * Id.Length);
}

/// <param name="Comment">null = nothing is pinned.</param>
public sealed record PinChanged(ShownComment? Comment) : ViewEffect;

public sealed record CueSent(ShownCue Cue) : ViewEffect
{
    public override int SizeBytes => 128 + Cue.Data.Length + (2 * Cue.Name.Length);
}

/// <summary>A poll opened, closed, or was voted in.</summary>
/// <param name="OpenedAtMs">Log time of its opening.</param>
/// <param name="Region">Where it was opened.</param>
public sealed record PollChanged(ShownPoll Poll, long OpenedAtMs, string Region) : ViewEffect
{
    /// <summary>Polls are shown in the order in which they were opened; then by region and id.</summary>
    public bool IsOpenedBefore(PollChanged other)
    {
        var order = OpenedAtMs.CompareTo(other.OpenedAtMs);
        if (order == 0) order = string.CompareOrdinal(Region, other.Region);
        if (order == 0) order = string.CompareOrdinal(Poll.Id, other.Poll.Id);
        return order < 0;
    }

    public override int SizeBytes =>
        128 + (2 * (Poll.Id.Length + Poll.Question.Length)) + (8 * Poll.Votes.Count) + Poll.Choices.Sum(choice => 32 + (2 * choice.Length));
}

/// <summary>All settings as they are now.</summary>
/// <param name="Created">Whether this is what created the stream.</param>
public sealed record SettingsChanged(StreamSettings Settings, string Owner, bool Created) : ViewEffect
{
    public override int SizeBytes => 160 + (2 * Settings.Title.Length) + Settings.Reactions.Sum(kind => 32 + (2 * kind.Length));
}

/// <param name="StartedAtMs">Log time of going live; 0 = not yet.</param>
/// <param name="EndedAtMs">Log time of the end; 0 = not yet.</param>
public sealed record LifecycleChanged(StreamStatus Status, long StartedAtMs, long EndedAtMs) : ViewEffect;

public sealed record OccupancyChanged(int Viewers) : ViewEffect;

public sealed record MemberJoined(RosterMember Member) : ViewEffect
{
    public override int SizeBytes => 64 + (2 * (Member.User.Length + Member.Name.Length));
}

public sealed record MemberLeft(string User) : ViewEffect
{
    public override int SizeBytes => 64 + (2 * User.Length);
}

/// <summary>The room became small enough for a roster, which begins with these members.</summary>
public sealed record RosterOpened(IReadOnlyList<RosterMember> Members) : ViewEffect
{
    public override int SizeBytes => 64 + (64 * Members.Count);
}

/// <summary>The room became too large for a roster, or keeps none.</summary>
public sealed record RosterClosed : ViewEffect;

/// <summary>A user was banned or unbanned.</summary>
/// <param name="UntilMs">Log time; <see cref="long.MaxValue"/> = until unbanned, 0 = unbanned.</param>
/// <param name="Shadow">Whether what the user says is shown to that user only.</param>
/// <param name="IsTold">Whether the user may notice: a shadow ban that is set or lifted shows them nothing.</param>
public sealed record BanChanged(string User, long UntilMs, bool Shadow, bool IsTold) : ViewEffect
{
    public override int SizeBytes => 88 + (2 * User.Length);
}
