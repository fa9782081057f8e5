using System.Diagnostics.CodeAnalysis;
using Interactions.Contracts.Frames;

namespace Interactions.Contracts.Views;

/// <summary>
/// How log times are shown to clients: as they are, unless log time had to leave the clock. Then times that the clock
/// can't have said, because they lie ahead of it or come after it was set forward, are shown by the clock.
/// </summary>
/// <param name="FromMs">Log times from this one on are shown moved.</param>
/// <param name="ByMs">By how much; 0 = log time and the clock agree.</param>
[GenerateSerializer, Immutable, Alias("interactions.shownTime")]
public readonly record struct ShownTime(long FromMs, long ByMs)
{
    /// <summary>A log time, ms since 1970 UTC, as a client is told it; 0 stays 0.</summary>
    public long Show(long atMs) => ByMs == 0 || atMs < FromMs ? atMs : atMs + ByMs;

    public long? Show(long? atMs) => atMs is { } known ? Show(known) : null;

    [return: NotNullIfNotNull(nameof(comment))]
    public ShownComment? Show(ShownComment? comment) =>
        comment is null || Show(comment.AtMs) is var atMs && atMs == comment.AtMs ? comment : comment with { AtMs = atMs };

    public ShownCue Show(ShownCue cue) => Show(cue.AtMs) is var atMs && atMs == cue.AtMs ? cue : cue with { AtMs = atMs };

    public BanRow Show(BanRow ban) => ban with { UntilMs = Show(ban.UntilMs) };

    /// <summary>What a server's clock said, as clients are told it: later than the clock, it was said by one that was wrong.</summary>
    public long ShowClock(long atMs) => ByMs < 0 ? Show(atMs) : atMs;
}
