namespace Interactions.Contracts.Frames;

/// <summary>
/// What a viewer is sent per tick: what changed since the frame before. A snapshot has everything and
/// replaces everything. Null (or empty) means "did not change" and is left out of the JSON.
/// </summary>
public sealed record Frame
{
    public required string Stream { get; init; }

    /// <summary>The last entry in it.</summary>
    public required Position Position { get; init; }

    public bool IsSnapshot { get; init; }

    /// <summary>When the node accepted the oldest interaction in it, ms since 1970 UTC; 0 = not known, left out.</summary>
    public long OldestMs { get; init; }

    public StreamStatus? Status { get; init; }

    public string? Owner { get; init; }

    /// <summary>Log time of going live, of ending; 0 = not yet.</summary>
    public long StartedAtMs { get; init; }

    public long EndedAtMs { get; init; }

    /// <summary>All settings when any changed; the title is also written as a field of its own.</summary>
    public StreamSettings? Settings { get; init; }

    /// <summary>Absolute counts of the kinds that changed (of all kinds, in a snapshot).</summary>
    public IReadOnlyList<KindCount>? Totals { get; init; }

    /// <summary>Change of the counts since the viewer's frame before.</summary>
    public IReadOnlyList<KindCount>? Delta { get; init; }

    public int? Viewers { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<ShownComment>? Comments { get; init; }

    /// <summary>How many comments were left out before the first of <see cref="Comments"/>.</summary>
    public int Missed { get; init; }

    /// <summary>Ids of comments that are deleted.</summary>
    public IReadOnlyList<string>? Removed { get; init; }

    /// <summary>Whether <see cref="Pinned"/> is to be written, null included.</summary>
    public bool PinnedChanged { get; init; }

    public ShownComment? Pinned { get; init; }

    public IReadOnlyList<ShownCue>? Cues { get; init; }

    public IReadOnlyList<ShownPoll>? Polls { get; init; }

    /// <summary>Whether <see cref="Roster"/> is to be written; null then means the room is too large or keeps none.</summary>
    public bool RosterChanged { get; init; }

    public ShownRoster? Roster { get; init; }

    /// <summary>Whether <see cref="Ban"/> is to be written: the viewer's own ban changed (in a snapshot: there is one). Null = lifted.</summary>
    public bool BanChanged { get; init; }

    public ShownBan? Ban { get; init; }

    /// <summary>Whether <see cref="Bans"/> is to be written, to a moderator; null then means that too many changed to name them.</summary>
    public bool BansChanged { get; init; }

    public BanChanges? Bans { get; init; }

    /// <summary>True when a viewer would see no difference.</summary>
    public bool IsEmpty => !IsSnapshot && Status is null && Settings is null && Totals is null && Delta is null && Viewers is null
        && Comments is null && Missed == 0 && Removed is null && !PinnedChanged && Cues is null && Polls is null && !RosterChanged && !BanChanged && !BansChanged;
}
