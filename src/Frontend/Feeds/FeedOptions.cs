namespace Interactions.Frontend.Feeds;

/// <summary>How a frontend keeps its feeds.</summary>
internal sealed record FeedOptions
{
    /// <summary>How long a caller waits for a stream's answer; then the outcome is unknown. <c>Limits:AnswerSeconds</c>.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a viewer may be away and still catch up with one frame. <c>Limits:ResumeSeconds</c>.</summary>
    public TimeSpan Resume { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>A ring of effects never grows beyond this.</summary>
    public int RingBytes { get; init; } = 4 << 20;

    /// <summary>How long a feed stays that nobody uses. <c>Limits:IdleCloseSeconds</c>.</summary>
    public TimeSpan IdleClose { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a viewer may be away until the roster says that it left.</summary>
    public TimeSpan RosterGrace { get; init; } = TimeSpan.FromSeconds(10);
}
