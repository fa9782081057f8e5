using FsCheck;
using FsCheck.Fluent;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Xunit;

namespace Interactions.Tests.Contracts;

public sealed class BatchCodecTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [Fact]
    public void A_batch_is_read_as_it_was_written() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Seeds, seed =>
    {
        var batch = Any(new Random(seed));
        var bytes = BatchCodec.Encode(batch);
        var read = BatchCodec.Decode(bytes);
        Assert.Equal((batch.Frontend, batch.Sequence, batch.OldestMs), (read.Frontend, read.Sequence, read.OldestMs));
        Assert.Equivalent(batch.Items.Select(Text), read.Items.Select(Text), strict: true);
        Assert.Equal(bytes, BatchCodec.Encode(read));
    }));

    [Fact]
    public void Every_item_and_interaction_is_covered_by_the_property_above()
    {
        var seen = Enumerable.Range(0, 500).SelectMany(seed => Any(new Random(seed)).Items)
            .SelectMany(item => item is Submitted sent ? [item.GetType(), sent.Interaction.GetType()] : new[] { item.GetType() }).ToHashSet();
        var all = typeof(Batch).Assembly.GetTypes().Where(type => type is { IsAbstract: false }
            && (type.IsSubclassOf(typeof(BatchItem)) || type.IsSubclassOf(typeof(Interaction))));
        Assert.Empty(all.Except(seen));
    }

    [Fact]
    public void Garbage_is_invalid_data_and_nothing_else() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Seeds, seed =>
    {
        var dice = new Random(seed);
        var bytes = BatchCodec.Encode(Any(dice));
        for (var i = dice.Next(1, 4); i > 0; i--) bytes[dice.Next(bytes.Length)] = (byte)dice.Next(256);
        try
        {
            BatchCodec.Decode(bytes.AsMemory(0, dice.Next(bytes.Length + 1)));
        }
        catch (InvalidDataException)
        {
        }
    }));

    [Fact]
    public void A_batch_cut_short_or_with_bytes_to_spare_is_refused()
    {
        var bytes = BatchCodec.Encode(new Batch("f", 1, 5, [new Taps("like", 3)]));
        for (var length = 0; length < bytes.Length; length++) Assert.Throws<InvalidDataException>(() => BatchCodec.Decode(bytes.AsMemory(0, length)));
        Assert.Throws<InvalidDataException>(() => BatchCodec.Decode(bytes.Append((byte)0).ToArray()));
    }

    [Fact]
    public void A_lone_tap_batch_is_small() =>
        Assert.InRange(BatchCodec.Encode(new Batch(Epochs.New(), 1000, 1_763_660_000_000, [new Taps("like", 3)])).Length, 1, 32);

    [Fact]
    public void An_entry_is_read_as_it_was_written()
    {
        var body = new EntryBody(7, [Any(new Random(1)), Any(new Random(2)), new Batch("", 0, 0, [])]);
        var bytes = EntryCodec.Encode(body);
        var read = EntryCodec.Decode(bytes);
        Assert.Equal((7, 3), (read.Rules, read.Batches.Count));
        Assert.Equal(bytes, EntryCodec.Encode(read));
        for (var length = 0; length < bytes.Length; length++) Assert.Throws<InvalidDataException>(() => EntryCodec.Decode(bytes.AsMemory(0, length)));
        Assert.Throws<InvalidDataException>(() => EntryCodec.Decode((byte[])[2, .. bytes[1..]]));
    }

    // Records compare lists and bytes by reference; their text does not.
    private static string Text(BatchItem item) => item switch
    {
        Submitted { Interaction: Cue cue } sent => $"{sent with { Interaction = new Unpin() }} {cue.Name} {Convert.ToHexString(cue.Data.Span)}",
        Submitted { Interaction: OpenPoll poll } sent => $"{sent with { Interaction = new Unpin() }} {poll.Id} {poll.Question} {string.Join('|', poll.Choices)}",
        Configured set => $"{set with { Patch = set.Patch with { Reactions = null } }} {(set.Patch.Reactions is { } kinds ? string.Join('|', kinds) : "null")}",
        _ => $"{item}",
    };

    private static Batch Any(Random dice) =>
        new(AnyText(dice), dice.NextInt64(), dice.NextInt64(), [.. Enumerable.Range(0, dice.Next(0, 6)).Select(_ => AnyItem(dice))]);

    private static BatchItem AnyItem(Random dice) => dice.Next(11) switch
    {
        0 or 1 or 2 => AnySubmitted(dice),
        3 => new Taps(AnyText(dice), dice.NextInt64(long.MinValue, long.MaxValue)),
        4 => new Configured(AnyText(dice), (ulong)dice.NextInt64(), AnyPatch(dice)),
        5 => new StatusSet((StreamStatus)dice.Next(3)),
        6 => new ViewersCounted(dice.Next(int.MinValue, int.MaxValue)),
        7 => new FrontendGone(AnyText(dice)),
        8 => new RosterJoined(AnyText(dice), AnyText(dice)),
        9 => new RosterLeft(AnyText(dice)),
        _ => new Rejected((Code)dice.Next(15), dice.NextInt64()),
    };

    private static Submitted AnySubmitted(Random dice)
    {
        var user = AnyText(dice);
        var key = dice.Next(2) == 0 ? UInt128.Zero : new UInt128((ulong)dice.NextInt64(), (ulong)dice.NextInt64());
        return new Submitted(user, dice.Next(2) == 0 ? user : AnyText(dice), dice.Next(2) == 0, key, AnyInteraction(dice));
    }

    private static Interaction AnyInteraction(Random dice) => dice.Next(11) switch
    {
        0 => new Reaction(AnyText(dice), dice.Next(0, 101)),
        1 => new Comment(AnyText(dice), dice.Next(2) == 0 ? null : AnyText(dice)),
        2 => new Cue(AnyText(dice), new byte[dice.Next(0, 9)]),
        3 => new Pin(AnyText(dice)),
        4 => new Unpin(),
        5 => new Delete(AnyText(dice)),
        6 => new Ban(AnyText(dice), dice.Next(2) == 0 ? null : dice.Next(), dice.Next(2) == 0),
        7 => new Unban(AnyText(dice)),
        8 => new OpenPoll(AnyText(dice), AnyText(dice), [.. Enumerable.Range(0, dice.Next(4)).Select(_ => AnyText(dice))]),
        9 => new ClosePoll(AnyText(dice)),
        _ => new Vote(AnyText(dice), dice.Next()),
    };

    private static SettingsPatch AnyPatch(Random dice) => new(
        dice.Next(2) == 0 ? null : AnyText(dice),
        dice.Next(2) == 0 ? null : [.. Enumerable.Range(0, dice.Next(4)).Select(_ => AnyText(dice))],
        dice.Next(2) == 0 ? null : dice.Next(2) == 0,
        dice.Next(2) == 0 ? null : dice.Next(),
        dice.Next(2) == 0 ? null : dice.Next(),
        dice.Next(2) == 0 ? null : dice.Next(2) == 0);

    private static string AnyText(Random dice) =>
        string.Concat(Enumerable.Range(0, dice.Next(0, 12)).Select(_ => new[] { "a", "é", "語", "😀", " ", "\"", "0" }[dice.Next(7)]));
}
