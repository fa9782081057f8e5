using System.Text;
using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>
/// The case classes of the Autobahn suite's sections 1 to 7, written anew for a server that echoes text. Where the protocol
/// of this service differs from the suite's echo server it is said: binary messages and text that is not UTF-8 are closed
/// with 4400.
/// </summary>
public abstract class AutobahnCases
{
    public const int LongestMessageBytes = 65536;

    private static readonly byte[] Kosme = Convert.FromHexString("cebae1bdb9cf83cebcceb5");
    private static readonly byte[] NotUtf8 = Convert.FromHexString("cebae1bdb9cf83cebcceb5eda080656469746564");

    public static TheoryData<string> Valid => new(
        // 6.5 to 6.7, 6.9, 6.11: first, last and boundary sequences of each length
        "68656c6c6f", "ceba", "cebae1bdb9", "cebae1bdb9cf83", "00", "c280", "e0a080", "f0908080", "7f", "dfbf", "efbfbf", "f48fbfbf", "ed9fbf", "ee8080", "efbfbd",
        // 6.22, 6.23: non-characters and specials are characters to UTF-8
        "efbfbe", "f09fbfbe", "f0afbfbf", "f48fbfbe", "efbfb9", "efbfba", "efbfbb", "efbfbc");

    public static TheoryData<string> Invalid => new(
        // 6.6: prefixes that end within a character
        "ce", "cebae1", "cebae1bd", "cebae1bdb9cf", "cebae1bdb9cf83cebcce",
        // 6.8, 6.10: sequences of 5 and 6 bytes
        "f888808080", "fc8480808080", "f7bfbfbf", "fbbfbfbfbf", "fdbfbfbfbfbf",
        // 6.11.5: beyond the last character
        "f4908080",
        // 6.12: unexpected continuation
        "80", "bf", "80bf", "80bf80", "80bf80bf80bf80",
        // 6.13: a lonely start
        "c020c120", "df20", "e020", "f020", "f720", "f820", "fc20",
        // 6.14, 6.15: the last continuation is missing
        "c0", "e080", "f08080", "f8808080", "df", "efbf", "f7bfbf", "c0e080f08080f8808080fc80808080dfefbff7bfbf",
        // 6.16: impossible bytes
        "fe", "ff", "fefeffff",
        // 6.17 to 6.19: longer than needed
        "c0af", "e080af", "f08080af", "c1bf", "e09fbf", "f08fbfbf", "c080", "e08080", "f0808080",
        // 6.20, 6.21: surrogates, alone and paired
        "eda080", "edadbf", "edae80", "edafbf", "edb080", "edbe80", "edbfbf", "eda080edb080", "edadbfedbfbf", "edafbfedbfbf");

    public static TheoryData<int> Lengths => new(0, 1, 125, 126, 127, 128, 65535, 65536);

    [Theory, MemberData(nameof(Lengths))]
    public async Task Autobahn_1_1_text_of_every_length_encoding_is_echoed(int length)
    {
        var text = new string('*', length);
        Assert.Equal([$"text {text}"], await AnswersAsync(ClientFrame.Text(text)));
        Assert.Equal([$"text {text}"], await AnswersAsync(ClientFrame.Text(text), chop: 997));
    }

    [Fact]
    public async Task Autobahn_1_1_text_beyond_the_limit_is_closed_with_4400_before_it_arrives()
    {
        Assert.Equal(["close 4400"], await AnswersAsync(ClientFrame.Head(1, LongestMessageBytes + 1), isCut: true));
        Assert.Equal(["close 4400"], await AnswersAsync(ClientFrame.Head(1, long.MaxValue), isCut: true));
    }

    [Theory, MemberData(nameof(Lengths))]
    public async Task Autobahn_1_2_binary_is_not_spoken_here_and_closed_with_4400(int length) =>
        Assert.Equal(["close 4400"], await AnswersAsync(ClientFrame.Binary(new byte[length])));

    [Theory, InlineData(""), InlineData("Hello, world!"), InlineData("00ff")]
    public async Task Autobahn_2_1_to_2_3_a_ping_is_answered_with_its_payload(string payload) =>
        Assert.Equal([$"pong {payload}"], await AnswersAsync(ClientFrame.Ping(payload)));

    [Fact]
    public async Task Autobahn_2_3_a_ping_may_carry_what_is_not_text() =>
        Assert.Equal(["pong \ufffd\ufffd"], await AnswersAsync(ClientFrame.Make(9, [0xFE, 0xFF])));

    [Theory, InlineData(1), InlineData(1000)]
    public async Task Autobahn_2_4_and_2_6_a_ping_of_125_bytes_is_answered(int chop) =>
        Assert.Equal([$"pong {new string('x', 125)}"], await AnswersAsync(ClientFrame.Ping(new string('x', 125)), chop));

    [Fact]
    public async Task Autobahn_2_5_a_ping_of_126_bytes_is_a_protocol_error() =>
        Assert.Equal(["close 1002"], await AnswersAsync(ClientFrame.Ping(new string('x', 126))));

    [Theory, InlineData(""), InlineData("unasked for")]
    public async Task Autobahn_2_7_and_2_8_a_pong_that_nobody_asked_for_is_ignored(string payload) =>
        Assert.Empty(await AnswersAsync(ClientFrame.Pong(payload)));

    [Fact]
    public async Task Autobahn_2_9_a_ping_after_such_a_pong_is_answered() =>
        Assert.Equal(["pong ping"], await AnswersAsync([.. ClientFrame.Pong("pong"), .. ClientFrame.Ping("ping")]));

    [Theory, InlineData(1), InlineData(1000)]
    public async Task Autobahn_2_10_and_2_11_ten_pings_are_answered_in_order(int chop) =>
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"pong payload-{i}"), await AnswersAsync([.. Enumerable.Range(0, 10).SelectMany(i => ClientFrame.Ping($"payload-{i}"))], chop));

    [Theory, InlineData(1, 1), InlineData(1, 2), InlineData(1, 3), InlineData(1, 4), InlineData(2, 5), InlineData(9, 6), InlineData(8, 7), InlineData(0, 1)]
    public async Task Autobahn_3_1_to_3_7_a_reserved_bit_is_a_protocol_error(int opcode, int rsv)
    {
        byte[] wrong = ClientFrame.Make(opcode, [], rsv: rsv);
        Assert.Equal(["close 1002"], await AnswersAsync([.. wrong, .. ClientFrame.Ping()]));
        Assert.Equal(["text before", "close 1002"], await AnswersAsync([.. ClientFrame.Text("before"), .. wrong, .. ClientFrame.Ping()]));
        Assert.Equal(["text before", "close 1002"], await AnswersAsync([.. ClientFrame.Text("before"), .. wrong, .. ClientFrame.Ping()], chop: 1));
    }

    [Theory, InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(11), InlineData(12), InlineData(13), InlineData(14), InlineData(15)]
    public async Task Autobahn_4_1_and_4_2_a_reserved_opcode_is_a_protocol_error(int opcode)
    {
        Assert.Equal(["close 1002"], await AnswersAsync(ClientFrame.Make(opcode, [])));
        Assert.Equal(["close 1002"], await AnswersAsync(ClientFrame.Make(opcode, "payload"u8.ToArray())));
        byte[] after = [.. ClientFrame.Text("Hello"), .. ClientFrame.Make(opcode, []), .. ClientFrame.Ping()];
        Assert.Equal(["text Hello", "close 1002"], await AnswersAsync(after));
        Assert.Equal(["text Hello", "close 1002"], await AnswersAsync(after, chop: 1));
    }

    [Theory, InlineData(9), InlineData(10), InlineData(8)]
    public async Task Autobahn_5_1_and_5_2_a_fragmented_control_frame_is_a_protocol_error(int opcode) =>
        Assert.Equal(["close 1002"], await AnswersAsync([.. ClientFrame.Make(opcode, [], final: false), .. ClientFrame.More("2", final: true)]));

    [Theory, InlineData(1000), InlineData(1), InlineData(9)]
    public async Task Autobahn_5_3_to_5_5_a_text_in_two_fragments_is_one(int chop) =>
        Assert.Equal(["text fragment1fragment2"], await AnswersAsync([.. ClientFrame.Text("fragment1", false), .. ClientFrame.More("fragment2", true)], chop));

    [Theory, InlineData(1000), InlineData(1), InlineData(9)]
    public async Task Autobahn_5_6_to_5_8_a_ping_between_fragments_is_answered_first(int chop) =>
        Assert.Equal(
            ["pong ping", "text fragment1fragment2"],
            await AnswersAsync([.. ClientFrame.Text("fragment1", false), .. ClientFrame.Ping("ping"), .. ClientFrame.More("fragment2", true)], chop));

    [Theory, InlineData(1000, true), InlineData(1, true), InlineData(9, true), InlineData(1000, false), InlineData(1, false), InlineData(9, false)]
    public async Task Autobahn_5_9_to_5_14_a_continuation_of_nothing_is_a_protocol_error(int chop, bool final) =>
        Assert.Equal(["close 1002"], await AnswersAsync([.. ClientFrame.More("nothing", final), .. ClientFrame.Text("Hello")], chop));

    [Fact]
    public async Task Autobahn_5_15_a_continuation_after_the_last_fragment_is_a_protocol_error() =>
        Assert.Equal(
            ["text fragment1fragment2", "close 1002"],
            await AnswersAsync([.. ClientFrame.Text("fragment1", false), .. ClientFrame.More("fragment2", true), .. ClientFrame.More("fragment3"), .. ClientFrame.Text("4")]));

    [Theory, InlineData(false), InlineData(true)]
    public async Task Autobahn_5_16_and_5_17_a_message_can_not_begin_with_a_continuation(bool final) =>
        Assert.Equal(
            ["close 1002"],
            await AnswersAsync([.. ClientFrame.More("fragment1", final), .. ClientFrame.Text("fragment2", false), .. ClientFrame.More("fragment3", true)]));

    [Theory, InlineData(1), InlineData(2)]
    public async Task Autobahn_5_18_a_message_within_a_message_is_a_protocol_error(int opcode) =>
        Assert.Equal(["close 1002"], await AnswersAsync([.. ClientFrame.Text("fragment1", false), .. ClientFrame.Make(opcode, "fragment2"u8.ToArray())]));

    [Theory, InlineData(1000), InlineData(1)]
    public async Task Autobahn_5_19_and_5_20_pings_between_five_fragments_are_answered_first(int chop) =>
        Assert.Equal(
            ["pong pongme 1!", "pong pongme 2!", "text f1,f2,f3,f4,f5"],
            await AnswersAsync(
                [
                    .. ClientFrame.Text("f1,", false), .. ClientFrame.More("f2,"), .. ClientFrame.Ping("pongme 1!"),
                    .. ClientFrame.More("f3,"), .. ClientFrame.More("f4,"), .. ClientFrame.Ping("pongme 2!"), .. ClientFrame.More("f5", true),
                ],
                chop));

    [Fact]
    public async Task Autobahn_5_fragments_that_are_too_large_together_are_closed_with_4400() =>
        Assert.Equal(["close 4400"], await AnswersAsync([.. ClientFrame.Text(new string('a', 40_000), false), .. ClientFrame.More(new string('b', 40_000), true)]));

    [Theory, InlineData(""), InlineData("middle frame payload")]
    public async Task Autobahn_6_1_empty_messages_and_fragments_are_text(string middle)
    {
        Assert.Equal(["text "], await AnswersAsync(ClientFrame.Text("")));
        Assert.Equal([$"text {middle}"], await AnswersAsync([.. ClientFrame.Text("", false), .. ClientFrame.More(middle), .. ClientFrame.More("", true)]));
    }

    [Fact]
    public async Task Autobahn_6_2_valid_text_may_be_cut_within_characters()
    {
        const string Text = "Hello-µ@ßöäüàá-UTF-8!!";
        var bytes = Encoding.UTF8.GetBytes(Text);
        Assert.Equal([$"text {Text}"], await AnswersAsync(ClientFrame.Text(Text)));
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal([$"text {Text}"], await AnswersAsync([.. ClientFrame.Text(bytes[..cut], false), .. ClientFrame.More(bytes[cut..], true)]));
        }

        Assert.Equal([$"text {Text}"], await AnswersAsync(InOctetFragments(bytes)));
        Assert.Equal([$"text {Encoding.UTF8.GetString(Kosme)}"], await AnswersAsync(InOctetFragments(Kosme)));
    }

    [Fact]
    public async Task Autobahn_6_3_invalid_text_is_refused_whole_and_in_fragments()
    {
        Assert.Equal(["close 4400"], await AnswersAsync(ClientFrame.Text(NotUtf8)));
        Assert.Equal(["close 4400"], await AnswersAsync(InOctetFragments(NotUtf8)));
    }

    [Fact]
    public async Task Autobahn_6_4_1_and_6_4_2_a_fragment_that_breaks_the_text_fails_at_once()
    {
        Assert.Equal(["close 4400"], await AnswersAsync([.. ClientFrame.Text(Kosme, false), .. ClientFrame.More([0xF4, 0x90, 0x80, 0x80])]));
        Assert.Equal(["close 4400"], await AnswersAsync([.. ClientFrame.Text([.. Kosme, 0xF4], false), .. ClientFrame.More([0x90])]));
    }

    [Fact]
    public async Task Autobahn_6_4_3_and_6_4_4_a_byte_that_breaks_the_text_fails_within_the_frame()
    {
        byte[] text = [.. Kosme, 0xF4, 0x90, 0x80, 0x80, .. "edited"u8];
        var untilBroken = ClientFrame.Text(text)[..^(text.Length - Kosme.Length - 2)];
        Assert.Equal(["close 4400"], await AnswersAsync(untilBroken, isCut: true));
        Assert.Equal(["close 4400"], await AnswersAsync(untilBroken, chop: 1, isCut: true));
    }

    [Theory, MemberData(nameof(Valid))]
    public async Task Autobahn_6_5_to_6_23_valid_sequences_are_echoed(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        string[] echo = [$"text {Encoding.UTF8.GetString(bytes)}"];
        Assert.Equal(echo, await AnswersAsync(ClientFrame.Text(bytes)));
        Assert.Equal(echo, await AnswersAsync(ClientFrame.Text(bytes), chop: 1));
        Assert.Equal(echo, await AnswersAsync(InOctetFragments(bytes)));
    }

    [Theory, MemberData(nameof(Invalid))]
    public async Task Autobahn_6_6_to_6_21_invalid_sequences_are_refused(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.Equal(["close 4400"], await AnswersAsync(ClientFrame.Text(bytes)));
        Assert.Equal(["close 4400"], await AnswersAsync(ClientFrame.Text(bytes), chop: 1));
        Assert.Equal(["close 4400"], await AnswersAsync(InOctetFragments(bytes)));
    }

    [Fact]
    public async Task Autobahn_7_1_1_a_close_is_answered() =>
        Assert.Equal(["text Hello", "close 1000"], await AnswersAsync([.. ClientFrame.Text("Hello"), .. ClientFrame.Close(1000)]));

    [Fact]
    public async Task Autobahn_7_1_2_a_second_close_is_not_answered() =>
        Assert.Equal(["close 1000"], await AnswersAsync([.. ClientFrame.Close(1000), .. ClientFrame.Close(1001)]));

    [Fact]
    public async Task Autobahn_7_1_3_and_7_1_4_nothing_after_a_close_is_answered() =>
        Assert.Equal(["close 1000"], await AnswersAsync([.. ClientFrame.Close(1000), .. ClientFrame.Ping(), .. ClientFrame.Text("late"), .. ClientFrame.Make(3, [])]));

    [Fact]
    public async Task Autobahn_7_1_5_a_close_between_fragments_ends_the_message() =>
        Assert.Equal(["close 1000"], await AnswersAsync([.. ClientFrame.Text("fragment1", false), .. ClientFrame.Close(1000), .. ClientFrame.More("fragment2", true)]));

    [Fact]
    public async Task Autobahn_7_1_6_what_was_sent_before_a_close_is_answered_first()
    {
        var text = new string('*', LongestMessageBytes);
        var four = Enumerable.Range(0, 4).SelectMany(_ => ClientFrame.Text(text));
        Assert.Equal(
            Enumerable.Repeat($"text {text}", 4).Append("close 1000"),
            await AnswersAsync([.. four, .. ClientFrame.Close(1000), .. ClientFrame.Ping()]));
    }

    [Fact]
    public async Task Autobahn_7_3_1_a_close_without_a_code_is_answered_with_1000() => Assert.Equal(["close 1000"], await AnswersAsync(ClientFrame.Close()));

    [Fact]
    public async Task Autobahn_7_3_2_a_close_of_one_byte_is_a_protocol_error() => Assert.Equal(["close 1002"], await AnswersAsync(ClientFrame.Make(8, [3])));

    [Theory, InlineData(0), InlineData(7), InlineData(123)]
    public async Task Autobahn_7_3_3_to_7_3_5_a_close_may_have_a_reason_of_123_bytes(int length)
    {
        Assert.Equal(["close 1000"], await AnswersAsync(ClientFrame.Close(1000, new string('*', length))));
        Assert.Equal(["close 1000"], await AnswersAsync(ClientFrame.Close(1000, new string('*', length)), chop: 1));
    }

    [Fact]
    public async Task Autobahn_7_3_6_a_reason_of_124_bytes_is_a_protocol_error() =>
        Assert.Equal(["close 1002"], await AnswersAsync(ClientFrame.Close(1000, new string('*', 124))));

    [Fact]
    public async Task Autobahn_7_5_1_a_reason_that_is_not_text_is_refused() =>
        Assert.Equal(["close 1007"], await AnswersAsync(ClientFrame.Make(8, [0x03, 0xE8, .. NotUtf8])));

    [Theory]
    [InlineData(1000), InlineData(1001), InlineData(1002), InlineData(1003), InlineData(1007), InlineData(1008), InlineData(1009), InlineData(1010), InlineData(1011)]
    [InlineData(3000), InlineData(3999), InlineData(4000), InlineData(4999)]
    public async Task Autobahn_7_7_a_valid_code_is_echoed(int code) => Assert.Equal([$"close {code}"], await AnswersAsync(ClientFrame.Close(code)));

    [Theory]
    [InlineData(0), InlineData(999), InlineData(1004), InlineData(1005), InlineData(1006), InlineData(1015), InlineData(1016), InlineData(1100), InlineData(2000), InlineData(2999)]
    public async Task Autobahn_7_9_an_invalid_code_is_a_protocol_error(int code) => Assert.Equal(["close 1002"], await AnswersAsync(ClientFrame.Close(code)));

    [Theory, InlineData(5000), InlineData(65535)]
    public async Task Autobahn_7_13_a_code_beyond_all_ranges_is_a_protocol_error(int code) => Assert.Equal(["close 1002"], await AnswersAsync(ClientFrame.Close(code)));

    [Theory, InlineData(1), InlineData(9), InlineData(8)]
    public async Task A_frame_without_a_mask_is_a_protocol_error(int opcode) =>
        Assert.Equal(["close 1002"], await AnswersAsync(ClientFrame.Make(opcode, [], masked: false)));

    [Theory, InlineData(5, 2), InlineData(5, 8), InlineData(125, 2), InlineData(126, 8), InlineData(65535, 8)]
    public async Task A_length_that_is_written_longer_than_needed_is_a_protocol_error(int length, int lengthBytes) =>
        Assert.Equal(["close 1002"], await AnswersAsync(ClientFrame.Make(1, new byte[length], lengthBytes: lengthBytes)));

    [Fact]
    public async Task A_length_with_the_highest_bit_set_is_a_protocol_error() =>
        Assert.Equal(["close 1002"], await AnswersAsync(ClientFrame.Head(1, ulong.MaxValue), isCut: true));

    /// <summary>What an echo server answers, up to its close frame or until all is answered.</summary>
    /// <param name="chop">How many bytes are sent at a time.</param>
    /// <param name="isCut">The bytes end within a frame, and the answer is expected nevertheless.</param>
    protected abstract Task<string[]> AnswersAsync(byte[] bytes, int chop = int.MaxValue, bool isCut = false);

    private static byte[] InOctetFragments(byte[] text) =>
        [.. text.SelectMany((value, i) => ClientFrame.Make(i == 0 ? 1 : 0, [value], final: i == text.Length - 1))];
}
