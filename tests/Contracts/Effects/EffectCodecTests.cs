using FsCheck;
using FsCheck.Fluent;
using Interactions.Contracts;
using Interactions.Contracts.Binary;
using Interactions.Contracts.Effects;
using Xunit;

namespace Interactions.Tests.Contracts.Effects;

public sealed class EffectCodecTests
{
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();
    private static readonly Position At = new("k3f", 7);

    [Fact]
    public void Effects_are_read_as_they_were_written() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Seeds, seed =>
    {
        var entry = AnyEffects.Entry(new Random(seed));
        var bytes = EffectCodec.Encode(entry);
        var read = EffectCodec.Decode(bytes);
        Assert.Equal(AnyEffects.Seen(entry), AnyEffects.Seen(read));
        Assert.Equal(bytes, EffectCodec.Encode(read));
    }));

    [Fact]
    public void Every_effect_is_covered_by_the_property_above()
    {
        var seen = Enumerable.Range(0, 200).SelectMany(seed => AnyEffects.Entry(new Random(seed)).Effects).Select(effect => effect.GetType()).ToHashSet();
        Assert.Empty(typeof(ViewEffect).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ViewEffect))).Except(seen));
    }

    [Fact]
    public void Garbage_is_invalid_data_and_nothing_else() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Seeds, seed =>
    {
        var dice = new Random(seed);
        var bytes = EffectCodec.Encode(AnyEffects.Entry(dice));
        for (var i = dice.Next(1, 4); i > 0; i--) bytes[dice.Next(bytes.Length)] = (byte)dice.Next(256);
        try
        {
            EffectCodec.Decode(bytes.AsMemory(0, dice.Next(bytes.Length + 1)));
        }
        catch (InvalidDataException)
        {
        }
    }));

    [Fact]
    public void Effects_cut_short_or_with_bytes_to_spare_are_refused()
    {
        var bytes = EffectCodec.Encode(new EntryEffects(At, 5, 4, [new TotalChanged("like", 1, 2), new MemberLeft("bob")]));
        for (var length = 0; length < bytes.Length; length++) Assert.Throws<InvalidDataException>(() => EffectCodec.Decode(bytes.AsMemory(0, length)));
        Assert.Throws<InvalidDataException>(() => EffectCodec.Decode((byte[])[.. bytes, 0]));
        Assert.Throws<InvalidDataException>(() => EffectCodec.Decode((byte[])[2, .. bytes[1..]]));
        Assert.Throws<InvalidDataException>(() => EffectCodec.Decode(Raw([0])));
    }

    [Fact]
    public void An_effect_of_a_later_version_is_skipped_and_those_after_it_are_read() =>
        Assert.Equal([new RosterClosed()], EffectCodec.Decode(Raw([200, 1, 2, 3], [15], [13])).Effects);

    [Fact]
    public void A_field_of_a_later_version_at_the_end_of_an_effect_is_skipped() =>
        Assert.Equal([new RosterClosed(), new MemberLeft("b")], EffectCodec.Decode(Raw([13, 1, 2, 3], [11, 1, (byte)'b', 9])).Effects);

    [Fact]
    public void What_a_like_changed_is_small() =>
        Assert.InRange(EffectCodec.Encode(new EntryEffects(
            new Position(Epochs.New(), 1_000_000), 1_763_660_000_000, 1_763_660_000_000, [new TotalChanged("like", 3, 1_000_000)])).Length, 1, 48);

    private static byte[] Raw(params byte[][] effects)
    {
        var writer = new ByteWriter();
        writer.Byte(1);
        writer.Position(At);
        writer.Signed(5);
        writer.Signed(4);
        writer.Count(effects.Length);
        foreach (var effect in effects) writer.Blob(effect);
        return writer.ToArray();
    }
}
