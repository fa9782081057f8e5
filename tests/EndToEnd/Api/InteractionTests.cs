using System.Text.Json;
using Interactions.Tests.EndToEnd.Harness;
using Xunit;

namespace Interactions.Tests.EndToEnd.Api;

/// <summary>Every interaction of the protocol, sent over HTTP and seen by a viewer.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class InteractionTests(RunningService running)
{
    [Fact]
    public async Task Taps_add_up_and_a_key_counts_once()
    {
        using var owner = await StartAsync("taps", new { reactions = new[] { "like", "wow" } });
        await owner.AcceptedAsync("taps", new { type = "reaction", kind = "like", count = 3 });
        await owner.AcceptedAsync("taps", new { type = "reaction", kind = "like" });
        var first = await owner.AcceptedAsync("taps", new { type = "reaction", kind = "wow", count = 2, key = "once" });
        Assert.Equal(first, await owner.AcceptedAsync("taps", new { type = "reaction", kind = "wow", count = 2, key = "once" }));
        Assert.Equal("unknown_kind", await owner.RejectedAsync("taps", new { type = "reaction", kind = "boo" }));

        var totals = (await owner.SnapshotAsync("taps")).GetProperty("totals");
        Assert.Equal(4, totals.GetProperty("like").GetInt64());
        Assert.Equal(2, totals.GetProperty("wow").GetInt64());
    }

    [Fact]
    public async Task Where_taps_add_up_a_count_of_none_is_a_wrong_shape_and_takes_nothing()
    {
        using var owner = await StartAsync("none");
        object[] items = [new { type = "reaction", kind = "like" }, new { type = "reaction", kind = "like", count = 0 }];
        foreach (var body in (object[])[items, items[1], new { type = "reaction", kind = "no such", count = 0 }])
            Assert.Equal("bad_request", (await owner.CallAsync(HttpMethod.Post, "streams/none/interactions", JsonSerializer.Serialize(body))).Problem(400));

        await using var viewer = new SocketViewer(running.Process, "none", owner.Token);
        await viewer.Ledger.UntilAsync(ledger => ledger.Snapshots == 1, "a snapshot");
        await viewer.SendAsync(new { t = "send", @ref = 7, items });
        var error = await viewer.NextAsync();
        Assert.Equal(("error", "bad_request", 7), (error.GetProperty("t").GetString(), error.GetProperty("code").GetString(), error.GetProperty("ref").GetInt32()));
        Assert.False((await owner.SnapshotAsync("none")).GetProperty("totals").TryGetProperty("like", out var likes) && likes.GetInt64() > 0);
    }

    [Fact]
    public async Task Without_tap_a_user_reacts_once_a_kind_and_may_take_it_back()
    {
        using var owner = await StartAsync("once", new { tap = false });
        using var other = await Client.SignInAsync(running.Process, "once-other");
        await using var viewer = new SocketViewer(running.Process, "once", owner.Token);
        await viewer.Ledger.UntilAsync(ledger => ledger.Snapshots == 1, "a snapshot");

        await owner.AcceptedAsync("once", new { type = "reaction", kind = "like" });
        await owner.AcceptedAsync("once", new { type = "reaction", kind = "like" });
        await other.AcceptedAsync("once", new { type = "reaction", kind = "like" });
        await viewer.Ledger.UntilAsync(ledger => ledger.Total("like") == 2, "two likes");
        Assert.Contains("like", (await owner.GetAsync("streams/once/me")).Expect(200).GetProperty("reactions").EnumerateArray().Select(kind => kind.GetString()));
        await owner.AcceptedAsync("once", new { type = "reaction", kind = "like", count = 0 });
        await viewer.Ledger.UntilAsync(ledger => ledger.Total("like") == 1, "one like");
        viewer.Ledger.AssertBalanced();
    }

    [Fact]
    public async Task Comments_are_said_replied_to_paged_pinned_and_deleted()
    {
        using var owner = await StartAsync("talk", new { maxCommentLength = 20 });
        using var guest = await Client.SignInAsync(running.Process, "talk-guest");
        await using var viewer = new SseViewer(running.Process, "talk", owner.Token);
        await viewer.Ledger.UntilAsync(ledger => ledger.Snapshots == 1, "a snapshot");

        var ids = new List<string>();
        for (var i = 0; i < 5; i++) ids.Add(await guest.AcceptedAsync("talk", new { type = "comment", text = $"grüße 👋 {i}" }));
        var reply = await owner.AcceptedAsync("talk", new { type = "comment", text = "reply", replyTo = ids[4] });
        Assert.Equal("too_long", await guest.RejectedAsync("talk", new { type = "comment", text = new string('x', 21) }));
        Assert.Equal("empty", await guest.RejectedAsync("talk", new { type = "comment", text = "  " }));
        Assert.Equal("unknown_comment", await owner.RejectedAsync("talk", new { type = "pin", comment = "nope.1.0" }));

        var page = (await owner.GetAsync($"streams/talk/comments?before={reply}&limit=2")).Expect(200).GetProperty("comments").EnumerateArray().ToArray();
        Assert.Equal([ids[3], ids[4]], page.Select(comment => comment.GetProperty("id").GetString()!).Order());
        Assert.Equal(ids[4], (await owner.SnapshotAsync("talk")).GetProperty("comments").EnumerateArray().Last().GetProperty("replyTo").GetString());

        await owner.AcceptedAsync("talk", new { type = "pin", comment = ids[0] });
        await viewer.Ledger.UntilAsync(l => l.Last.TryGetProperty("pinned", out var pin) && pin.ValueKind == JsonValueKind.Object, "the pin");
        await owner.AcceptedAsync("talk", new { type = "unpin" });
        await viewer.Ledger.UntilAsync(l => l.Last.TryGetProperty("pinned", out var pin) && pin.ValueKind == JsonValueKind.Null, "the unpin");
        Assert.Equal("forbidden", await guest.RejectedAsync("talk", new { type = "delete", comment = reply }));
        await guest.AcceptedAsync("talk", new { type = "delete", comment = ids[1] });
        await viewer.Ledger.UntilAsync(l => l.Last.TryGetProperty("removed", out var removed) && removed[0].GetString() == ids[1], "the deletion");
        await owner.AcceptedAsync("talk", new { type = "delete", comment = ids[2] });
        var left = (await owner.SnapshotAsync("talk")).GetProperty("comments").EnumerateArray().Select(comment => comment.GetProperty("id").GetString()!);
        Assert.Equal([ids[0], ids[3], ids[4], reply], left);
    }

    [Fact]
    public async Task Bans_shadow_bans_and_slow_mode_hold()
    {
        using var owner = await StartAsync("order", new { slowModeSeconds = 30 });
        using var loud = await Client.SignInAsync(running.Process, "order-loud");
        using var troll = await Client.SignInAsync(running.Process, "order-troll");
        await loud.AcceptedAsync("order", new { type = "comment", text = "one" });
        var slowed = Assert.Single(await loud.SendAsync("order", new { type = "comment", text = "two" }));
        Assert.Equal("slow_mode", slowed.GetProperty("code").GetString());
        Assert.InRange(slowed.GetProperty("retryAfterMs").GetInt64(), 1, 30_000);
        Assert.InRange((await loud.GetAsync("streams/order/me")).Expect(200).GetProperty("slowModeWaitMs").GetInt64(), 1, 30_000);

        await owner.AcceptedAsync("order", new { type = "ban", user = "order-loud", seconds = 600, shadow = false });
        Assert.Equal("banned", await loud.RejectedAsync("order", new { type = "reaction", kind = "like" }));
        Assert.Equal(JsonValueKind.Object, (await loud.GetAsync("streams/order/me")).Expect(200).GetProperty("ban").ValueKind);
        await owner.AcceptedAsync("order", new { type = "unban", user = "order-loud" });
        await loud.AcceptedAsync("order", new { type = "reaction", kind = "like" });

        await owner.AcceptedAsync("order", new { type = "ban", user = "order-troll", seconds = 600, shadow = true });
        await using var own = new SocketViewer(running.Process, "order", troll.Token);
        await using var others = new SocketViewer(running.Process, "order", owner.Token);
        await own.Ledger.UntilAsync(ledger => ledger.Snapshots == 1, "a snapshot for the shadow-banned");
        await others.Ledger.UntilAsync(ledger => ledger.Snapshots == 1, "a snapshot for the owner");
        var hidden = await troll.AcceptedAsync("order", new { type = "comment", text = "only I see this" });
        await troll.AcceptedAsync("order", new { type = "reaction", kind = "like", count = 5 });
        await own.Ledger.UntilAsync(ledger => ledger.HasComment(hidden) && ledger.Total("like") == 6, "their own comment, and the likes");
        await others.Ledger.UntilAsync(ledger => ledger.Total("like") == 6, "the likes");
        Assert.False(others.Ledger.HasComment(hidden));
    }

    [Fact]
    public async Task Polls_are_asked_voted_on_and_closed()
    {
        using var owner = await StartAsync("poll");
        using var voter = await Client.SignInAsync(running.Process, "poll-voter");
        await owner.AcceptedAsync("poll", new { type = "poll", id = "p1", question = "Who?", choices = new[] { "a", "b" } });
        Assert.Equal("duplicate_id", await owner.RejectedAsync("poll", new { type = "poll", id = "p1", question = "Who?", choices = new[] { "a", "b" } }));
        await voter.AcceptedAsync("poll", new { type = "vote", poll = "p1", choice = 0 });
        await voter.AcceptedAsync("poll", new { type = "vote", poll = "p1", choice = 1 });
        await owner.AcceptedAsync("poll", new { type = "vote", poll = "p1", choice = 1 });
        Assert.Equal("bad_choice", await voter.RejectedAsync("poll", new { type = "vote", poll = "p1", choice = 2 }));
        Assert.Equal("unknown_poll", await voter.RejectedAsync("poll", new { type = "vote", poll = "p2", choice = 0 }));
        Assert.Equal(1, (await voter.GetAsync("streams/poll/me")).Expect(200).GetProperty("votes").GetProperty("p1").GetInt32());
        await owner.AcceptedAsync("poll", new { type = "closePoll", id = "p1" });
        Assert.Equal("poll_closed", await voter.RejectedAsync("poll", new { type = "vote", poll = "p1", choice = 0 }));

        var poll = Assert.Single((await owner.SnapshotAsync("poll")).GetProperty("polls").EnumerateArray());
        Assert.Equal([0L, 2L], poll.GetProperty("votes").EnumerateArray().Select(votes => votes.GetInt64()));
        Assert.False(poll.GetProperty("open").GetBoolean());
    }

    [Fact]
    public async Task A_cue_reaches_viewers_with_its_data()
    {
        using var owner = await StartAsync("cues");
        await using var viewer = new SocketViewer(running.Process, "cues", owner.Token);
        await viewer.Ledger.UntilAsync(ledger => ledger.Snapshots == 1, "a snapshot");
        await owner.AcceptedAsync("cues", new { type = "cue", name = "goal", data = new { score = new[] { 2, 1 } } });
        await viewer.Ledger.UntilAsync(ledger => ledger.Last.TryGetProperty("cues", out var cues) && cues.GetArrayLength() > 0, "the cue");
        var cue = Assert.Single(viewer.Ledger.Last.GetProperty("cues").EnumerateArray());
        Assert.Equal("goal", cue.GetProperty("name").GetString());
        Assert.Equal(2, cue.GetProperty("data").GetProperty("score")[0].GetInt32());
    }

    [Fact]
    public async Task Over_the_rate_nothing_is_taken()
    {
        using var owner = await StartAsync("rate");
        using var greedy = await Client.SignInAsync(running.Process, "rate-greedy");
        var body = JsonSerializer.Serialize(Enumerable.Repeat(new { type = "reaction", kind = "like" }, 100));
        (await greedy.CallAsync(HttpMethod.Post, "streams/rate/interactions", body)).Expect(200);
        Assert.Equal("rate_limited", (await greedy.CallAsync(HttpMethod.Post, "streams/rate/interactions", body)).Problem(429));
        Assert.Equal(100, (await owner.SnapshotAsync("rate")).GetProperty("totals").GetProperty("like").GetInt64());
    }

    private async Task<Client> StartAsync(string stream, object? settings = null)
    {
        var owner = await Client.SignInAsync(running.Process, stream + "-owner", "broadcaster");
        await owner.GoLiveAsync(stream, settings);
        return owner;
    }
}
