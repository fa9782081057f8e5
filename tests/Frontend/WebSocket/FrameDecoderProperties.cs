using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Interactions.Frontend.Transports.WebSocket;
using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

public sealed class FrameDecoderProperties
{
    private const int Longest = 70_000;
    private static readonly Arbitrary<int> Seeds = Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    [Fact]
    public void Any_split_of_the_bytes_gives_the_same_messages() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Seeds, seed =>
    {
        var dice = new Random(seed);
        var bytes = Enumerable.Range(0, dice.Next(1, 12)).SelectMany(_ => AnyFrames(dice)).ToArray();
        if (dice.Next(3) == 0) bytes[dice.Next(bytes.Length)] ^= (byte)(1 << dice.Next(8));
        var whole = Transcript.Of(new FrameDecoder(Longest), bytes);
        var decoder = new FrameDecoder(Longest);
        var split = new List<string>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - at, dice.Next(4) == 0 ? dice.Next(2000) : dice.Next(1, 9));
            split.AddRange(Transcript.Of(decoder, bytes[at..(at + length)]));
            at += length;
        }

        Assert.Equal(whole, split);
    }));

    [Fact]
    public void Any_message_arrives_as_it_was_sent_in_however_many_fragments() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Seeds, seed =>
    {
        var dice = new Random(seed);
        var texts = Enumerable.Range(0, dice.Next(1, 6)).Select(_ => AnyText(dice)).ToArray();
        var bytes = texts.SelectMany(text => Fragments(dice, Encoding.UTF8.GetBytes(text))).ToArray();
        var decoder = new FrameDecoder(Longest);
        Assert.Equal(texts.Select(text => $"text {text}"), Transcript.Of(decoder, bytes).Where(answer => !answer.StartsWith("pong", StringComparison.Ordinal)));
        Transcript.Of(decoder, []);
        Assert.Equal(0, decoder.HeldBytes);
    }));

    [Fact]
    public void Any_bytes_at_all_neither_throw_nor_make_it_hold_more_than_twice_what_came() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(Seeds, seed =>
    {
        var dice = new Random(seed);
        const int Limit = 1000;
        var decoder = new FrameDecoder(Limit);
        var bytes = new byte[dice.Next(400)];
        dice.NextBytes(bytes);
        if (dice.Next(2) == 0) bytes = [.. Fragments(dice, new byte[dice.Next(900)]).SkipLast(1), .. bytes];
        var came = 0;
        foreach (var part in bytes.Chunk(dice.Next(1, 50)))
        {
            came += part.Length;
            Transcript.Of(decoder, part);
            Assert.InRange(decoder.HeldBytes, 0, Math.Min(2048, Math.Max(256, 2 * came)) + 125);
        }
    }));

    [Fact]
    public void Text_is_refused_at_the_first_byte_that_no_valid_text_has_there() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Seeds, seed =>
    {
        var dice = new Random(seed);
        var bytes = Encoding.UTF8.GetBytes("a" + AnyText(dice, 6));
        for (var i = dice.Next(1, 3); i > 0; i--) bytes[dice.Next(bytes.Length)] = (byte)dice.Next(128, 256);
        var decoder = new FrameDecoder(Longest);
        var frame = ClientFrame.Text(bytes, final: false);
        var head = frame.Length - bytes.Length;
        Assert.Empty(Transcript.Of(decoder, frame[..head]));
        for (var i = 0; i < bytes.Length; i++)
        {
            var isRefused = Transcript.Of(decoder, frame[(head + i)..(head + i + 1)]).Count > 0;
            Assert.Equal(!CanBecomeText(bytes[..(i + 1)]), isRefused);
            if (isRefused) return;
        }
    }));

    [Fact]
    public void A_message_that_arrives_whole_is_handed_out_where_it_lies()
    {
        var decoder = new FrameDecoder(Longest);
        var frame = ClientFrame.Text("where it lies");
        Memory<byte> input = frame;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var heard = decoder.Read(ref input, out var payload);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(DecodedFrame.Message, heard);
        Assert.True(payload.Span.Overlaps(frame));
        Assert.Equal("where it lies", Encoding.UTF8.GetString(payload.Span));
    }

    [Fact]
    public void What_a_header_announces_is_not_held_before_it_arrives()
    {
        var decoder = new FrameDecoder(1 << 30);
        Assert.Empty(Transcript.Of(decoder, ClientFrame.Head(1, 1 << 29)));
        Assert.Equal(0, decoder.HeldBytes);
        Assert.Empty(Transcript.Of(decoder, ClientFrame.Text(new string('a', 100))[6..]));
        Assert.InRange(decoder.HeldBytes, 100, 256);
    }

    [Fact]
    public void Masking_twice_with_any_mask_from_any_place_changes_nothing_and_once_is_byte_by_byte() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(Seeds, seed =>
    {
        var dice = new Random(seed);
        var (mask, bytes) = (new byte[4], new byte[dice.Next(200)]);
        dice.NextBytes(mask);
        dice.NextBytes(bytes);
        var at = dice.Next(9);
        var once = bytes.ToArray();
        var start = dice.Next(bytes.Length + 1);
        Masking.Apply(once.AsSpan(start), BitConverter.ToUInt32(mask), at);
        Assert.Equal(bytes.Select((value, i) => i < start ? value : (byte)(value ^ mask[(i - start + at) % 4])), once);
        Masking.Apply(once.AsSpan(start), BitConverter.ToUInt32(mask), at);
        Assert.Equal(bytes, once);
    }));

    private static IEnumerable<byte> AnyFrames(Random dice) => dice.Next(12) switch
    {
        0 => ClientFrame.Ping(AnyText(dice, 20)),
        1 => ClientFrame.Pong(AnyText(dice, 20)),
        2 when dice.Next(3) == 0 => ClientFrame.Close(1000, "enough"),
        3 when dice.Next(3) == 0 => ClientFrame.Make(dice.Next(16), new byte[dice.Next(200)], dice.Next(2) == 0, dice.Next(8) / 7, dice.Next(5) > 0),
        _ => Fragments(dice, Encoding.UTF8.GetBytes(AnyText(dice))),
    };

    private static IEnumerable<byte> Fragments(Random dice, byte[] text)
    {
        var opcode = 1;
        while (true)
        {
            var length = dice.Next(2) == 0 ? text.Length : dice.Next(text.Length + 1);
            var mask = new byte[4];
            dice.NextBytes(mask);
            var isLast = length == text.Length && dice.Next(4) > 0;
            foreach (var value in ClientFrame.Make(opcode, text[..length], isLast, mask: mask)) yield return value;
            if (isLast) break;
            if (dice.Next(3) == 0) foreach (var value in ClientFrame.Ping("between")) yield return value;
            (opcode, text) = (0, text[length..]);
        }
    }

    private static string AnyText(Random dice, int longest = 0)
    {
        string[] letters = ["a", "é", "ß", "€", "한", "😀", "\u0000", "\uFFFF", "\U0010FFFF"];
        if (longest == 0) longest = dice.Next(5) == 0 ? 20_000 : 200;
        var text = new StringBuilder();
        for (var i = dice.Next(longest); i > 0; i--) text.Append(letters[dice.Next(letters.Length)]);
        return text.ToString();
    }

    private static bool CanBecomeText(byte[] prefix)
    {
        // The framework's decoder, in its strict form, keeps what may still become a character and throws at anything else.
        var decoder = new UTF8Encoding(false, true).GetDecoder();
        try
        {
            decoder.GetCharCount(prefix, flush: false);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
