using Interactions.Frontend.Fanout;
using Xunit;

namespace Interactions.Tests.Frontend.Fanout;

public sealed class PaceTests
{
    private readonly Pace _pace = new();
    private int _nowMs = int.MaxValue - 1000; // the clock wraps on the way

    [Fact]
    public void A_viewer_is_offered_about_what_arrives_in_a_second()
    {
        Send(1100, tookMs: 1000);
        Assert.Equal(1024, _pace.CommentBytes);
        Send(1500, tookMs: 6000);
        Assert.Equal(256, _pace.CommentBytes);
    }

    [Fact]
    public void What_arrives_at_once_is_answered_with_twice_as_much_at_the_most()
    {
        Send(300, tookMs: 2000);
        Assert.Equal(256, _pace.CommentBytes);
        Send(600, tookMs: 10);
        Assert.Equal(1024, _pace.CommentBytes);
        Send(1200, tookMs: 10);
        Assert.Equal(2048, _pace.CommentBytes);
    }

    [Fact]
    public void A_small_frame_tells_nothing_of_how_much_a_viewer_takes()
    {
        Send(1100, tookMs: 1000);
        Send(100, tookMs: 2000);
        Assert.Equal(1024, _pace.CommentBytes);
    }

    [Fact]
    public void Who_takes_much_quickly_has_no_limit()
    {
        Send(9000, tookMs: 300);
        Assert.Equal(Pace.AnyBytes, _pace.CommentBytes);
    }

    [Fact]
    public void Who_takes_frame_after_frame_quickly_is_fast_again()
    {
        for (var i = 0; i < 7; i++) Assert.False(Send(1100, tookMs: 200));
        Assert.True(Send(1100, tookMs: 200));
    }

    [Fact]
    public void One_slow_frame_in_between_begins_it_anew()
    {
        for (var i = 0; i < 7; i++) Assert.False(Send(1100, tookMs: 200));
        Assert.False(Send(1100, tookMs: 300));
        for (var i = 0; i < 7; i++) Assert.False(Send(1100, tookMs: 200));
        Assert.True(Send(1100, tookMs: 200));
    }

    private bool Send(int bytes, int tookMs)
    {
        _pace.Sent(bytes, _nowMs);
        return _pace.Arrived(unchecked(_nowMs += tookMs));
    }
}
