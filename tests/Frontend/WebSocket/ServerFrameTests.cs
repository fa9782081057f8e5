using System.Text;
using Interactions.Frontend.Wire;
using Xunit;

namespace Interactions.Tests.Frontend.WebSocket;

public sealed class ServerFrameTests
{
    [Theory, InlineData(0, 2), InlineData(125, 2), InlineData(126, 4), InlineData(65535, 4), InlineData(65536, 10)]
    public void A_frame_has_the_shortest_header_that_its_length_allows(int length, int head)
    {
        var text = new byte[length];
        Array.Fill(text, (byte)'x');
        var frame = ServerFrame.Text(text.AsSpan(..(length / 3)), text.AsSpan((length / 3)..));
        Assert.Equal(ClientFrame.Make(1, text, masked: false), frame);
        Assert.Equal(head + length, frame.Length);
    }

    [Fact]
    public void A_pong_repeats_the_pings_payload() => Assert.Equal([0x8A, 2, 7, 8], ServerFrame.Pong([7, 8]));

    [Fact]
    public void A_close_frame_carries_code_and_reason() => Assert.Equal([0x88, 6, 0x11, 0x30, .. "gone"u8], ServerFrame.Close(4400, "gone"));

    [Fact]
    public void A_reason_that_is_too_long_is_cut_between_characters()
    {
        var frame = ServerFrame.Close(1000, new string('€', 100));
        Assert.InRange(frame.Length - 2, 123, 125);
        Assert.Equal(new string('€', 41), Encoding.UTF8.GetString(frame.AsSpan(4)));
    }
}
