namespace Interactions.Contracts;

/// <summary>What a broadcaster decides about a stream.</summary>
/// <param name="Title">Shown to viewers; up to 200 characters.</param>
/// <param name="Reactions">The kinds that may be sent.</param>
/// <param name="Tap">True: reactions add up. False: one per user and kind.</param>
/// <param name="SlowModeSeconds">The least time between two comments of one user; 0 = none.</param>
/// <param name="MaxCommentLength">In Unicode code points.</param>
/// <param name="Roster">Whether a small room says who is there.</param>
public sealed record StreamSettings(
    string Title,
    IReadOnlyList<string> Reactions,
    bool Tap,
    int SlowModeSeconds,
    int MaxCommentLength,
    bool Roster)
{
    public static StreamSettings Default { get; } = new("", ["like"], Tap: true, SlowModeSeconds: 0, MaxCommentLength: 500, Roster: true);

    /// <summary>These settings with what the patch names changed.</summary>
    public StreamSettings With(SettingsPatch patch) => new(
        patch.Title ?? Title,
        patch.Reactions ?? Reactions,
        patch.Tap ?? Tap,
        patch.SlowModeSeconds ?? SlowModeSeconds,
        patch.MaxCommentLength ?? MaxCommentLength,
        patch.Roster ?? Roster);

    /// <summary>Whether these are the same settings, whatever lists they are in.</summary>
    public bool IsSameAs(StreamSettings other) => this with { Reactions = other.Reactions } == other && Reactions.SequenceEqual(other.Reactions);
}
