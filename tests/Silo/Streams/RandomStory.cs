using FsCheck;
using FsCheck.Fluent;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;

namespace Interactions.Tests.Silo.Streams;

/// <summary>Numbers from FsCheck, read as what may happen on a stream: each one is an entry.</summary>
internal static class RandomStory
{
    private static readonly string[] Users = ["ada", "bob", "eve", "mod"];
    private static readonly string[] Kinds = ["like", "heart", "gone"];

    public static Arbitrary<int[]> Numbers { get; } = Gen.Choose(0, int.MaxValue - 1).ArrayOf().ToArbitrary();

    public static Config Config { get; } = Config.QuickThrowOnFailure.WithMaxTest(150).WithEndSize(120);

    public static Story Live(string region = "eu", string epoch = "k3f") =>
        Story.Live(new SettingsPatch(Reactions: ["like", "heart"]), region, epoch);

    public static Story Of(int[] numbers, string region = "eu", string epoch = "k3f")
    {
        var story = Live(region, epoch);
        foreach (var number in numbers) Tell(story, number);
        return story;
    }

    /// <summary>One to three frontends' batches of one to three things, all decided by the number.</summary>
    public static void Tell(Story story, int number)
    {
        var dice = new Random(number);
        story.NowMs += dice.Next(0, 3) switch { 0 => -1000, 1 => dice.Next(-900, 3000), _ => dice.Next(0, 200) == 0 ? 4_000_000 : 0 };
        story.Tell([.. Enumerable.Range(0, dice.Next(1, 4)).Select(_ => Batch(story, dice))]);
    }

    private static Batch Batch(Story story, Random dice)
    {
        var frontend = $"n{dice.Next(3)}";
        BatchItem[] items = [.. Enumerable.Range(0, dice.Next(1, 4)).Select(_ => Item(story, dice))];
        return dice.Next(12) switch
        {
            0 => new Batch("", 0, 0, items),
            1 => new Batch(frontend, Math.Max(1, story.Sequence(frontend) - dice.Next(3)), story.NowMs + 990, items), // sent again
            _ => story.Next(frontend, items),
        };
    }

    private static BatchItem Item(Story story, Random dice)
    {
        var user = Users[dice.Next(Users.Length)];
        var comments = story.State.Comments(null, 10, user)!;
        var comment = comments.Count > 0 && dice.Next(5) > 0 ? comments[dice.Next(comments.Count)].Id : "nope.1.0";
        var key = dice.Next(3) == 0 ? (UInt128)dice.Next(1, 6) : 0;
        Submitted Sent(Interaction interaction) => Story.By(user, interaction, user == "mod", key);
        var (kind, poll) = (Kinds[dice.Next(Kinds.Length)], $"p{dice.Next(3)}");
        return dice.Next(21) switch
        {
            0 or 1 => Sent(new Reaction(kind, dice.Next(0, 3))),
            2 => new Taps(kind, dice.Next(1, 50)),
            3 or 4 => Sent(new Comment($"text {dice.Next(100)}", dice.Next(3) == 0 ? comment : null)),
            5 => Sent(new Cue("goal", "{\"n\":1}"u8.ToArray())),
            6 => Sent(new Pin(comment)),
            7 => Sent(new Unpin()),
            8 => Sent(new Delete(comment)),
            9 => Sent(new Ban(Users[dice.Next(Users.Length)], dice.Next(2) == 0 ? null : dice.Next(1, 20), dice.Next(2) == 0)),
            10 => Sent(new Unban(Users[dice.Next(Users.Length)])),
            11 => Sent(new OpenPoll(poll, "?", ["a", "b", "c"])),
            12 => dice.Next(4) == 0 ? Sent(new ClosePoll(poll)) : Sent(new Vote(poll, 0)),
            13 or 14 => Sent(new Vote(poll, dice.Next(0, 4))),
            15 => new Configured("x", 1, new SettingsPatch(Tap: dice.Next(2) == 0, SlowModeSeconds: dice.Next(0, 3), Roster: dice.Next(4) > 0)),
            16 => new ViewersCounted(dice.Next(3) == 0 ? dice.Next(150, 300) : dice.Next(0, 9)),
            17 => new FrontendGone($"n{dice.Next(3)}"),
            18 or 19 => new RosterJoined(user, user),
            _ => dice.Next(200) == 0 ? new StatusSet(StreamStatus.Ended) : new RosterLeft(user),
        };
    }
}
