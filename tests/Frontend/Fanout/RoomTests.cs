using System.Text.Json;
using Interactions.Contracts;
using Interactions.Contracts.Grains;
using Interactions.Contracts.Interactions;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Telemetry;
using Interactions.Frontend.Transports.WebSocket;
using Interactions.Frontend.Wire;
using Xunit;

namespace Interactions.Tests.Frontend.Fanout;

public sealed class RoomTests : RoomSpecification
{
    [Fact]
    public async Task A_viewer_gets_a_snapshot_first_and_then_what_changes()
    {
        var (sink, _) = await EnterAsync(null);
        Assert.Equal("snapshot", (await sink.NextAsync()).GetProperty("t").GetString());
        await Stream.SendAsync(LocalGrains.Like(3));
        var frame = await sink.NextWithAsync("delta");
        Assert.Equal("frame", frame.GetProperty("t").GetString());
        Assert.Equal(3, frame.GetProperty("delta").GetProperty("like").GetInt64());
        Assert.Equal(3, frame.GetProperty("totals").GetProperty("like").GetInt64());
    }

    [Fact]
    public async Task A_viewer_who_comes_while_the_frontend_stops_is_told_goodbye_at_once()
    {
        Draining.Begin();
        var (sink, cursor) = await EnterAsync(null);
        Assert.Equal(CloseReason.GoingAway, await cursor.Ended.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.InRange((await sink.NextWithAsync("reconnectInMs")).GetProperty("reconnectInMs").GetInt32(), 500, 3000);
    }

    [Fact]
    public async Task A_stalled_viewer_is_left_alone_and_then_gets_one_frame_that_adds_up()
    {
        var (healthy, _) = await EnterAsync(null);
        var (slow, _) = await EnterAsync(null);
        await ToTheHeadAsync(viewers: 2, named: 0, healthy, slow);
        slow.StallAtNext();
        for (var i = 0; i < 20; i++)
        {
            await Stream.SendAsync(LocalGrains.Like(1));
            await healthy.NextWithAsync("delta");
        }

        // What was being sent when it stalled is all that it has been handed.
        var seen = (await slow.NextWithAsync("delta")).GetProperty("delta").GetProperty("like").GetInt64();
        slow.Drain();
        var rest = await slow.NextWithAsync("delta");
        Assert.Equal(20, seen + rest.GetProperty("delta").GetProperty("like").GetInt64());
        Assert.Equal(20, rest.GetProperty("totals").GetProperty("like").GetInt64());
    }

    [Fact]
    public async Task A_viewer_that_resumes_gets_what_it_missed_in_one_frame()
    {
        var (sink, cursor) = await EnterAsync(null);
        await sink.NextAsync();
        await Stream.SendAsync(LocalGrains.Like(1));
        var last = await sink.NextWithAsync("delta");
        cursor.End(null);
        for (var i = 0; i < 60; i++) await Stream.SendAsync(LocalGrains.Say($"{i}"));
        Assert.True(Position.TryParse(last.GetProperty("position").GetString(), out var position));
        var (again, _) = await EnterAsync(position);
        var frame = await again.NextAsync();
        Assert.Equal("frame", frame.GetProperty("t").GetString());
        Assert.Equal(50, frame.GetProperty("comments").GetArrayLength());
        Assert.Equal(10, frame.GetProperty("missed").GetInt32());
        Assert.Equal("59", frame.GetProperty("comments")[49].GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_position_from_an_old_epoch_is_answered_with_a_snapshot()
    {
        var (sink, _) = await EnterAsync(new Position("zzz", 1));
        Assert.Equal("snapshot", (await sink.NextAsync()).GetProperty("t").GetString());
    }

    [Fact]
    public async Task A_position_beyond_the_head_is_answered_with_a_snapshot()
    {
        var head = (await FeedAsync()).Read((view, _) => view.Position);
        var (sink, _) = await EnterAsync(head with { Offset = head.Offset + 1000 });
        Assert.Equal("snapshot", (await sink.NextAsync()).GetProperty("t").GetString());
    }

    [Fact]
    public async Task A_shadow_banned_user_sees_their_own_comment_and_nobody_else_does()
    {
        var (ada, _) = await EnterAsync(null, "ada");
        var (bob, _) = await EnterAsync(null, "bob");
        await ada.NextAsync();
        await bob.NextAsync();
        await Stream.SendAsync(LocalGrains.Moderate(new Ban("ada", 60, Shadow: true)));
        await Stream.SendAsync(LocalGrains.Say("unseen"));
        await Stream.SendAsync(LocalGrains.Say("seen", "bob"));
        Assert.Equal("unseen", (await ada.NextWithAsync("comments")).GetProperty("comments")[0].GetProperty("text").GetString());
        var shown = (await bob.NextWithAsync("comments")).GetProperty("comments");
        Assert.Equal("seen", Assert.Single(shown.EnumerateArray()).GetProperty("text").GetString());
        var feed = await FeedAsync();
        Assert.DoesNotContain("unseen", feed.Read((view, _) => view.Snapshot("bob").Comments!.Select(comment => comment.Text)));
        Assert.Contains("unseen", feed.Read((view, _) => view.Snapshot("ada").Comments!.Select(comment => comment.Text)));
    }

    [Fact]
    public async Task A_banned_user_is_told_at_once_even_after_a_stall_and_others_are_not()
    {
        var (bob, _) = await EnterAsync(null, "bob");
        var (eve, _) = await EnterAsync(null, "eve");
        await ToTheHeadAsync(viewers: 2, named: 2, bob, eve);
        bob.StallAtNext();
        await Stream.SendAsync(LocalGrains.Say("first"));
        await bob.NextWithAsync("comments");
        await Stream.SendAsync(LocalGrains.Moderate(new Ban("bob", null, Shadow: false)));
        await Stream.SendAsync(LocalGrains.Say("second"));
        bob.Drain();
        var told = await bob.NextWithAsync("ban");
        Assert.Equal(JsonValueKind.Null, told.GetProperty("ban").GetProperty("until").ValueKind);
        Assert.False(told.TryGetProperty("bans", out _));

        await Stream.SendAsync(LocalGrains.Moderate(new Unban("bob")));
        Assert.Equal(JsonValueKind.Null, (await bob.NextWithAsync("ban")).GetProperty("ban").ValueKind);

        // Both go on with the shared frames.
        await Stream.SendAsync(LocalGrains.Say("third"));
        var last = await bob.NextWithAsync("comments");
        while (last.GetProperty("comments")[0].GetProperty("text").GetString() != "third") last = await bob.NextWithAsync("comments");
        for (var frame = await eve.NextAsync(); ; frame = await eve.NextAsync())
        {
            Assert.False(frame.TryGetProperty("ban", out _));
            Assert.False(frame.TryGetProperty("bans", out _));
            if (frame.TryGetProperty("comments", out var comments) && comments[0].GetProperty("text").GetString() == "third") break;
        }
    }

    [Fact]
    public async Task A_viewer_whose_stream_is_deleted_is_told_so()
    {
        var (_, cursor) = await EnterAsync(null);
        Stream.End(FeedEndReason.Deleted);
        Assert.Equal(CloseReason.NotFound, await cursor.Ended.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_token_ends_within_a_second_wherever_its_viewer_stands()
    {
        // One more than there are turns, and one that stays.
        await EnterAsync(null);
        var expiresAtMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 1;
        List<Cursor> viewers = [];
        for (var i = 0; i < 6; i++) viewers.Add((await EnterAsync(null, $"u{i}", expiresAtMs)).Cursor);
        var reasons = await Task.WhenAll(viewers.Select(viewer => viewer.Ended)).WaitAsync(TimeSpan.FromSeconds(3));
        Assert.All(reasons, reason => Assert.Equal(CloseReason.TokenExpired, reason));
    }

    private async Task<(TestSink Sink, Cursor Cursor)> EnterAsync(Position? position, string? user = null, long expiresAtMs = long.MaxValue)
    {
        var sink = new TestSink();
        var cursor = new Cursor(sink, position, user, user, expiresAtMs, TimeProvider.System);
        Assert.NotNull(await Rooms.EnterAsync(Stream.Id, cursor, null, CancellationToken.None));
        return (sink, cursor);
    }

    [Theory]
    [InlineData(FeedEndReason.Deleted, 4404, "not_found")]
    [InlineData(FeedEndReason.Damaged, 4500, "damaged")]
    [InlineData(FeedEndReason.Broken, 1011, "internal")]
    [InlineData(FeedEndReason.Moved, 1001, "going_away")]
    public async Task Viewers_are_told_why_their_stream_ended(FeedEndReason end, int code, string name)
    {
        var (_, cursor) = await EnterAsync(null);
        Assert.Single(Rooms.All()).Ended(end);
        var reason = (await cursor.Ended.WaitAsync(TimeSpan.FromSeconds(60)))!.Value;
        Assert.Equal((code, name), (CloseCode.Of(reason).Code, CloseReasons.Name(reason)));
    }
}
