using System.Text.Json;
using Interactions.Frontend.Fanout;
using Xunit;

namespace Interactions.Tests.Frontend.Fanout;

/// <summary>A viewer that stalled and takes bytes again, but slowly.</summary>
public sealed class SlowViewerTests : RoomSpecification
{
    private readonly TestSink _healthy = new();
    private readonly TestSink _slow = new();

    [Fact]
    public async Task It_gets_its_next_frame_when_the_last_has_arrived()
    {
        await StallAsync(backlog: 1000);
        await LikeAsync(20);
        Assert.Equal(0, _slow.Waiting);
        _slow.Backlog = 0;
        Assert.Equal(21, await LikesAsync(1));
    }

    [Fact]
    public async Task It_does_not_wait_for_what_others_send_on_its_connection()
    {
        await StallAsync(backlog: 1000);
        await LikeAsync(20);
        _slow.Arrived = 999;
        await LikeAsync(1);
        Assert.Equal(0, _slow.Waiting);
        _slow.Arrived = 1000; // and others have sent another 1,000 meanwhile
        Assert.Equal(22, await LikesAsync(1));
    }

    [Fact]
    public async Task It_is_sent_to_again_even_if_nothing_more_happens()
    {
        await StallAsync(backlog: 1000);
        await LikeAsync(1);
        _slow.Backlog = 0;
        await LikesAsync(1);
        _slow.Backlog = 1000;
        await LikeAsync(1);
        Assert.Equal(0, _slow.Waiting);
        _slow.Backlog = 0;
        Assert.Equal(1, await LikesAsync(1));
    }

    [Fact]
    public async Task It_gets_the_newest_comments_that_fit_and_the_number_of_the_others()
    {
        await StallAsync(backlog: 1000);
        var text = new string('x', 400);
        for (var i = 0; i < 30; i++) await Stream.SendAsync(LocalGrains.Say($"{i} {text}"));
        await UntilAsync(_healthy, "comments", frame => frame.GetProperty("comments").EnumerateArray().Any(comment => comment.GetProperty("text").GetString()!.StartsWith("29 ", StringComparison.Ordinal)));
        _slow.Backlog = 0;
        var frame = await _slow.NextWithAsync("comments");
        var comments = frame.GetProperty("comments").EnumerateArray().ToArray();
        Assert.InRange(comments.Length, 1, 10); // of 30; it depends on how long the test took
        Assert.Equal(30 - comments.Length, frame.GetProperty("missed").GetInt32());
        Assert.StartsWith("29 ", comments[^1].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_fast_again_gets_everyones_frames_again()
    {
        var cursor = await StallAsync(backlog: 0);
        Assert.True(cursor.IsPaced);
        var text = new string('x', 400);
        while (cursor.IsPaced)
        {
            await Stream.SendAsync(LocalGrains.Say(text));
            await _slow.NextWithAsync("comments");
        }

        await LikeAsync(3);
        Assert.Equal(3, await LikesAsync(3));
    }

    [Fact]
    public async Task Its_own_messages_are_answered_at_once()
    {
        var cursor = await StallAsync(backlog: 1000);
        cursor.Reply("{\"t\":\"ack\"}"u8.ToArray());
        Assert.Equal("ack", (await _slow.NextAsync()).GetProperty("t").GetString());
    }

    /// <summary>Two viewers, of whom one has stalled in the middle of one like and let go of it again.</summary>
    private async Task<Cursor> StallAsync(int backlog)
    {
        await EnterAsync(_healthy);
        var cursor = await EnterAsync(_slow);
        await ToTheHeadAsync(viewers: 2, named: 0, _healthy, _slow);
        _slow.StallAtNext();
        await LikeAsync(1);
        Assert.Equal(1, await LikesAsync(1));
        _slow.Backlog = backlog;
        _slow.Drain();
        await cursor.Settled;
        if (backlog > 0) await LikeAsync(1); // and has missed another
        return cursor;
    }

    private async Task<Cursor> EnterAsync(TestSink sink)
    {
        var cursor = new Cursor(sink, null, null, null, long.MaxValue, TimeProvider.System);
        Assert.NotNull(await Rooms.EnterAsync(Stream.Id, cursor, null, CancellationToken.None));
        return cursor;
    }

    /// <summary>One after the other; the healthy viewer has seen them.</summary>
    private async Task LikeAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Stream.SendAsync(LocalGrains.Like(1));
            await _healthy.NextWithAsync("delta");
        }
    }

    /// <summary>What the slow viewer is told of, until it is at least so many.</summary>
    private async Task<long> LikesAsync(long least)
    {
        var sum = 0L;
        while (sum < least) sum += (await _slow.NextWithAsync("delta")).GetProperty("delta").GetProperty("like").GetInt64();
        return sum;
    }

    private static async Task UntilAsync(TestSink sink, string field, Func<JsonElement, bool> isIt)
    {
        while (!isIt(await sink.NextWithAsync(field)))
        {
        }
    }
}
