using Interactions.Contracts;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Interactions;
using Interactions.Silo.Streams;
using Xunit;

namespace Interactions.Tests.Silo.Streams;

/// <summary>Who is banned, and who is told of it.</summary>
public sealed class BanTests
{
    private readonly Story _story = Story.Live();

    [Fact]
    public void Running_bans_are_listed_by_user_with_their_end()
    {
        Ban("cleo", null, shadow: true);
        Ban("bob", 10);
        Ban("ada", 1000);
        Assert.Equal(
            [new("ada", _story.NowMs + 1_000_000, false), new("bob", _story.NowMs + 9000, false), new("cleo", null, true)],
            List());
        Ban("bob", null);
        Assert.Equal(new BanRow("bob", null, false), List()[1]);
        Unban("bob");
        Unban("cleo");
        Assert.Equal(["ada"], List().Select(ban => ban.User));
    }

    [Fact]
    public void A_ban_leaves_the_list_when_it_ends_by_log_time()
    {
        Ban("bob", 10);
        var end = _story.NowMs + 10_000;
        Assert.Single(_story.State.Bans(null, 10, end - 1));
        Assert.Empty(_story.State.Bans(null, 10, end));
        Assert.Single(_story.State.Bans(null, 10, 0)); // a clock that lags the log

        _story.NowMs = end;
        Ban("eve", 10);
        Assert.Equal(["eve"], _story.State.Bans(null, 10, 0).Select(ban => ban.User));
    }

    [Fact]
    public void Pages_follow_one_another_without_gap_or_repeat()
    {
        var users = Enumerable.Range(0, 23).Select(i => $"u{i * 7 % 23}").ToArray();
        foreach (var user in users) Ban(user, 1000);
        List<string> paged = [];
        string? after = null;
        while (_story.State.Bans(after, 5, _story.NowMs) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 5);
            paged.AddRange(page.Select(ban => ban.User));
            after = paged[^1];
        }

        Assert.Equal(users.Order(StringComparer.Ordinal), paged);
        Assert.Equal("u10", _story.State.Bans("u1", 1, _story.NowMs)[0].User);
        Assert.Equal("u2", _story.State.Bans("u1z", 1, _story.NowMs)[0].User);
        Assert.Empty(_story.State.Bans("zz", 1, _story.NowMs));
    }

    [Fact]
    public void Ended_bans_do_not_pile_up()
    {
        for (var i = 0; i < 20_000; i++) Ban($"user-{i:00000}", 100);
        var row = _story.State.Bans(null, 20_000, _story.NowMs);
        Assert.Equal(100, row.Count);
        Assert.Equal("user-19900", row[0].User);
        Assert.Equal(row, StreamState.Load(_story.State.Save()).Bans(null, 20_000, _story.NowMs));
        Assert.InRange(_story.State.Parts["eu"].Bans.Users(null).Count(), 100, 2000);
    }

    [Fact]
    public void Only_the_user_and_moderators_are_told_of_a_ban_and_of_its_end()
    {
        var before = _story.State.Position.Offset;
        Ban("bob", 60);
        Assert.Equal(new ShownBan(_story.NowMs + 60_000), Since(before, "bob").Ban);
        Assert.True(Since(before, "eve").IsEmpty);
        Assert.True(Since(before, null).IsEmpty);
        Assert.Equal([new("bob", _story.NowMs + 60_000, false)], Since(before, "mod", moderates: true).Bans!.Set);
        Assert.Equal(new ShownBan(_story.NowMs + 60_000), _story.Snapshot("bob").Ban);
        Assert.False(_story.Snapshot("eve").BanChanged);
        Assert.True(_story.Ring.TellsOfBans(before, "bob", moderates: false));
        Assert.False(_story.Ring.TellsOfBans(before, "eve", moderates: false));

        before = _story.State.Position.Offset;
        Unban("bob");
        Assert.True(Since(before, "bob") is { BanChanged: true, Ban: null });
        Assert.Equal(["bob"], Since(before, "mod", moderates: true).Bans!.Lifted);
        Assert.False(_story.Snapshot("bob").BanChanged);
        Assert.False(_story.Ring.TellsOfBans(before + 1, "bob", moderates: true));
    }

    [Fact]
    public void A_shadow_ban_is_told_to_moderators_alone()
    {
        var before = _story.State.Position.Offset;
        Ban("bob", 60, shadow: true);
        Ban("bob", null, shadow: true);
        Unban("bob");
        Ban("bob", 60, shadow: true);
        Assert.True(Since(before, "bob").IsEmpty);
        Assert.False(_story.Ring.TellsOfBans(before, "bob", moderates: false));
        Assert.False(_story.Snapshot("bob").BanChanged);
        Assert.Equal([new("bob", _story.NowMs + 60_000, true)], Since(before, "mod", moderates: true).Bans!.Set);

        // One that takes the place of a ban looks like its end.
        Ban("bob", null);
        before = _story.State.Position.Offset;
        Ban("bob", null, shadow: true);
        Assert.True(Since(before, "bob") is { BanChanged: true, Ban: null });
    }

    [Fact]
    public void More_changes_than_a_frame_names_send_the_moderator_to_the_list()
    {
        var before = _story.State.Position.Offset;
        for (var i = 0; i < 100; i++) Ban($"u{i}", 1000);
        Assert.Equal(100, Since(before, "mod", moderates: true).Bans!.Set.Count);
        Ban("one-more", 1000);
        Assert.True(Since(before, "mod", moderates: true) is { BansChanged: true, Bans: null });
    }

    private void Ban(string user, int? seconds, bool shadow = false) =>
        Assert.True(_story.Send("mod", new Ban(user, seconds, shadow), moderates: true).IsAccepted);

    private void Unban(string user) => Assert.True(_story.Send("mod", new Unban(user), moderates: true).IsAccepted);

    private IReadOnlyList<BanRow> List() => _story.State.Bans(null, 100, _story.NowMs);

    private Frame Since(long offset, string? viewer, bool moderates = false) => _story.Ring.Sum(_story.View, offset, viewer, 50, moderates: moderates);
}
