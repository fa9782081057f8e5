using Interactions.Contracts;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Frames;

namespace Interactions.Tests.Contracts.Effects;

/// <summary>Effects of every kind, decided by dice.</summary>
internal static class AnyEffects
{
    public static EntryEffects Entry(Random dice) =>
        new(new Position(Text(dice), dice.NextInt64()), Number(dice), Number(dice), [.. Enumerable.Range(0, dice.Next(0, 6)).Select(_ => Effect(dice))]);

    /// <summary>Records compare lists and bytes by reference; their text does not.</summary>
    public static string Seen(EntryEffects entry) =>
        $"{entry.Position} {entry.AtMs} {entry.OldestMs}\n" + string.Join('\n', entry.Effects.Select(Seen));

    private static ViewEffect Effect(Random dice) => dice.Next(14) switch
    {
        0 => new TotalChanged(Text(dice), Number(dice), Number(dice)),
        1 => new CommentShown(Comment(dice), Coin(dice)),
        2 => new CommentHidden(Text(dice), TextOrNull(dice)),
        3 => new PinChanged(Coin(dice) ? Comment(dice) : null),
        4 => new CueSent(new ShownCue(Text(dice), new byte[dice.Next(9)], Number(dice))),
        5 => new PollChanged(Poll(dice), Number(dice), Text(dice)),
        6 => new SettingsChanged(new StreamSettings(Text(dice), Texts(dice), Coin(dice), dice.Next(), dice.Next(), Coin(dice)), Text(dice), Coin(dice)),
        7 => new LifecycleChanged((StreamStatus)dice.Next(3), Number(dice), Number(dice)),
        8 => new OccupancyChanged(dice.Next()),
        9 => new MemberJoined(Member(dice)),
        10 => new MemberLeft(Text(dice)),
        11 => new RosterOpened([.. Enumerable.Range(0, dice.Next(4)).Select(_ => Member(dice))]),
        12 => new RosterClosed(),
        _ => new BanChanged(Text(dice), Coin(dice) ? long.MaxValue : Number(dice), Coin(dice), Coin(dice)),
    };

    private static string Seen(ViewEffect effect) => effect switch
    {
        CueSent cue => $"{cue.Cue.Name} {Convert.ToHexString(cue.Cue.Data.Span)} {cue.Cue.AtMs}",
        PollChanged poll => $"{poll.Poll with { Choices = [], Votes = [] }} {string.Join('|', poll.Poll.Choices)} {string.Join('|', poll.Poll.Votes)} {poll.OpenedAtMs} {poll.Region}",
        SettingsChanged set => $"{set with { Settings = set.Settings with { Reactions = [] } }} {string.Join('|', set.Settings.Reactions)}",
        RosterOpened roster => $"roster {string.Join('|', roster.Members)}",
        _ => $"{effect}",
    };

    private static ShownComment Comment(Random dice) => new(Text(dice), Text(dice), Text(dice), Text(dice), Number(dice), TextOrNull(dice));

    private static ShownPoll Poll(Random dice)
    {
        var choices = Texts(dice);
        return new ShownPoll(Text(dice), Text(dice), choices, [.. choices.Select(_ => Number(dice))], Coin(dice));
    }

    private static RosterMember Member(Random dice) => new(Text(dice), Text(dice));

    private static bool Coin(Random dice) => dice.Next(2) == 0;

    private static long Number(Random dice) => dice.Next(2) == 0 ? dice.Next(100) : dice.NextInt64(long.MinValue, long.MaxValue);

    private static string? TextOrNull(Random dice) => Coin(dice) ? Text(dice) : null;

    private static string[] Texts(Random dice) => [.. Enumerable.Range(0, dice.Next(4)).Select(_ => Text(dice))];

    private static string Text(Random dice) =>
        string.Concat(Enumerable.Range(0, dice.Next(0, 12)).Select(_ => new[] { "a", "é", "語", "😀", " ", "\"", "0" }[dice.Next(7)]));
}
