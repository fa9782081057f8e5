using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Effects;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Interactions;
using Interactions.Silo.Streams;
using Xunit;

namespace Interactions.Tests.Silo.Streams;

public sealed class StreamStateTests
{
    [Fact]
    public void Nothing_is_taken_before_a_stream_is_live_or_after_it_has_ended()
    {
        var story = new Story();
        Assert.Equal(Code.NotLive, story.Send("bob", new Comment("hi", null)).Code);
        story.Tell(new StatusSet(StreamStatus.Live));
        Assert.False(story.State.Exists);
        story.Tell(new Configured("ada", 1, new SettingsPatch(Title: "t")));
        Assert.Equal(Code.NotLive, story.Send("bob", new Reaction("like", 1)).Code);
        Assert.Equal(Code.NotLive, story.Tell(new Taps("like", 3)).Answers[0].Results[0].Code);
        story.Tell(new StatusSet(StreamStatus.Live));
        Assert.True(story.Send("bob", new Reaction("like", 1)).IsAccepted);
        story.Tell(new StatusSet(StreamStatus.Ended));
        story.Tell(new StatusSet(StreamStatus.Live));
        Assert.Equal(StreamStatus.Ended, story.State.Status);
        Assert.Equal(Code.NotLive, story.Send("mod", new Ban("bob", null, false), moderates: true).Code);
    }

    [Fact]
    public void Taps_add_up_and_kinds_outside_the_settings_are_unknown()
    {
        var story = Story.Live();
        story.Send("bob", new Reaction("like", 3));
        story.Tell(new Taps("like", 40), new Taps("wow", 2));
        Assert.Equal(Code.UnknownKind, story.Send("bob", new Reaction("wow", 1)).Code);
        Assert.True(story.Send("bob", new Reaction("like", 0)).IsAccepted);
        Assert.Equal(43, story.Total("like"));
        story.Tell(new Configured("eve", 7, new SettingsPatch(Reactions: ["heart"])));
        Assert.Equal(43, story.Total("like"));
        Assert.Equal(0, story.Total("heart"));
        Assert.Equal("ada", story.State.Owner);
    }

    [Fact]
    public void A_once_per_user_reaction_counts_once_and_can_be_taken_back()
    {
        var story = Story.Live(new SettingsPatch(Tap: false));
        story.Send("bob", new Reaction("like", 5));
        story.Send("bob", new Reaction("like", 1));
        story.Send("eve", new Reaction("like", 1));
        Assert.Equal(2, story.Total("like"));
        Assert.Equal(["like"], story.State.Me("bob", story.NowMs).Reactions);
        story.Send("bob", new Reaction("like", 0));
        story.Send("bob", new Reaction("like", 0));
        Assert.Equal(1, story.Total("like"));
        Assert.Empty(story.State.Me("bob", story.NowMs).Reactions);
    }

    [Fact]
    public void A_comment_is_judged_by_its_code_points_and_by_what_it_replies_to()
    {
        var story = Story.Live(new SettingsPatch(MaxCommentLength: 3));
        Assert.Equal(Code.Empty, story.Send("bob", new Comment(" \n\t", null)).Code);
        Assert.Equal(Code.TooLong, story.Send("bob", new Comment("abcd", null)).Code);
        Assert.Equal(Code.UnknownComment, story.Send("bob", new Comment("abc", "k3f.1.0")).Code);
        var first = story.Send("bob", new Comment("😀😀😀", null));
        Assert.True(first.IsAccepted);
        Assert.True(story.Send("eve", new Comment("re", first.Id)).IsAccepted);
        Assert.Equal(first.Id, story.Snapshot(null).Comments![1].ReplyTo);
        Assert.Equal($"{story.Log[^2].Entry.Position}.0", first.Id);
        Assert.Equal(Code.Empty, story.Send("bob", new Comment("\u200b\u0000 \u2060", null)).Code);
        Assert.True(story.Send("bob", new Comment("\U0001F44D\u200d", null)).IsAccepted);
    }

    [Fact]
    public void Slow_mode_tells_how_long_to_wait_and_spares_moderators()
    {
        var story = Story.Live(new SettingsPatch(SlowModeSeconds: 5));
        story.Send("bob", new Comment("1", null));
        Assert.Equal(new ItemResult(Code.SlowMode, Position.Start, 0, 4000), story.Send("bob", new Comment("2", null)));
        Assert.Equal(4000, story.State.Me("bob", 0).SlowModeWaitMs);
        Assert.True(story.Send("mod", new Comment("1", null), moderates: true).IsAccepted);
        Assert.True(story.Send("mod", new Comment("2", null), moderates: true).IsAccepted);
        Assert.Equal(1000, story.State.Check(Story.By("bob", new Comment("2", null)), story.NowMs + 1000, RuleBook.First)!.Value.RetryAfterMs);
        story.NowMs += 1000;
        Assert.True(story.Send("bob", new Comment("2", null)).IsAccepted);
    }

    [Fact]
    public void A_banned_user_is_told_until_when_and_others_are_not_touched()
    {
        var story = Story.Live();
        story.Send("mod", new Ban("bob", 10, false), moderates: true);
        Assert.Equal(new ItemResult(Code.Banned, Position.Start, 0, 9000), story.Send("bob", new Reaction("like", 1)));
        Assert.Equal(Code.Banned, story.Send("bob", new Vote("p", 1)).Code);
        Assert.True(story.Send("eve", new Reaction("like", 1)).IsAccepted);
        Assert.NotNull(story.State.Me("bob", story.NowMs).Ban!.UntilMs);
        story.Send("mod", new Ban("bob", null, false), moderates: true);
        Assert.Equal(0, story.Send("bob", new Comment("x", null)).RetryAfterMs);
        Assert.Null(story.State.Me("bob", story.NowMs).Ban!.UntilMs);
        story.Send("mod", new Unban("bob"), moderates: true);
        Assert.True(story.Send("bob", new Comment("x", null)).IsAccepted);
        story.Send("mod", new Ban("bob", 2, false), moderates: true);
        story.NowMs += 1000;
        Assert.True(story.Send("bob", new Comment("x", null)).IsAccepted);
    }

    [Fact]
    public void A_shadow_banned_users_comments_are_shown_to_them_only()
    {
        var story = Story.Live();
        Assert.False(story.View.AnyPersonal);
        story.Send("mod", new Ban("bob", 60, true), moderates: true);
        var hidden = story.Send("bob", new Comment("psst", null));
        story.Send("bob", new Reaction("like", 1));
        Assert.True(hidden.IsAccepted);
        Assert.Equal(1, story.Total("like"));
        Assert.Null(story.State.Me("bob", story.NowMs).Ban);
        Assert.Empty(story.Snapshot(null).Comments!);
        Assert.Empty(story.Snapshot("eve").Comments!);
        Assert.Single(story.Snapshot("bob").Comments!);
        Assert.Null(story.Sum(0, "eve", 50).Comments);
        Assert.Single(story.Sum(0, "bob", 50).Comments!);
        Assert.True(story.View.IsPersonal("bob"));
        Assert.False(story.View.IsPersonal("eve"));
        Assert.False(story.View.IsPersonal(null));
        Assert.Equal(Code.UnknownComment, story.Send("eve", new Comment("?", hidden.Id)).Code);
        Assert.Equal(Code.UnknownComment, story.Send("eve", new Delete(hidden.Id!)).Code);
        Assert.Equal(Code.UnknownComment, story.Send("mod", new Pin(hidden.Id!), moderates: true).Code);
        Assert.True(story.Send("bob", new Comment("me again", hidden.Id)).IsAccepted);
        story.Send("mod", new Unban("bob"), moderates: true);
        Assert.True(story.View.IsPersonal("bob"));
        story.Send("bob", new Comment("loud", null));
        Assert.Equal(["loud"], story.Snapshot(null).Comments!.Select(comment => comment.Text));
    }

    [Theory]
    [InlineData(int.MaxValue, 10)]
    [InlineData(2000, 4)]
    [InlineData(1, 1)]
    public void A_frame_has_the_newest_comments_within_its_limits(int bytes, int expected)
    {
        var story = Story.Live();
        var before = story.State.Position.Offset;
        for (var i = 0; i < 12; i++) story.Send("bob", new Comment($"{i} {new string('é', 200)}", null));
        var frame = story.Sum(before, null, 10, bytes);
        Assert.Equal(expected, frame.Comments!.Count);
        Assert.Equal(12 - expected, frame.Missed);
        Assert.StartsWith("11 ", frame.Comments[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deleted_comment_is_gone_for_all_and_is_not_pinned_any_more()
    {
        var story = Story.Live();
        var id = story.Send("bob", new Comment("x", null)).Id!;
        Assert.Equal(Code.Forbidden, story.Send("eve", new Delete(id)).Code);
        story.Send("mod", new Pin(id), moderates: true);
        Assert.Equal(id, story.Snapshot(null).Pinned!.Id);
        var before = story.State.Position.Offset;
        Assert.True(story.Send("bob", new Delete(id)).IsAccepted);
        var frame = story.Sum(before, null, 50);
        Assert.Equal([id], frame.Removed!);
        Assert.True(frame.PinnedChanged);
        Assert.Null(frame.Pinned);
        Assert.Empty(story.Snapshot(null).Comments!);
        Assert.Equal(Code.UnknownComment, story.Send("bob", new Delete(id)).Code);
        Assert.Equal(Code.UnknownComment, story.Send("bob", new Comment("re", id)).Code);
        Assert.Equal(Code.UnknownComment, story.Send("mod", new Pin(id), moderates: true).Code);
    }

    [Fact]
    public void The_last_vote_of_a_user_counts_until_the_poll_is_closed()
    {
        var story = Story.Live();
        Assert.Equal(Code.UnknownPoll, story.Send("bob", new Vote("p", 0)).Code);
        story.Send("ada", new OpenPoll("p", "?", ["a", "b"]));
        Assert.Equal(Code.DuplicateId, story.Send("ada", new OpenPoll("p", "?", ["a", "b"])).Code);
        Assert.Equal(Code.BadChoice, story.Send("bob", new Vote("p", 2)).Code);
        story.Send("bob", new Vote("p", 0));
        story.Send("eve", new Vote("p", 0));
        story.Send("bob", new Vote("p", 1));
        Assert.Equal([("p", 1)], story.State.Me("bob", 0).Votes);
        Assert.True(story.Send("ada", new ClosePoll("p")).IsAccepted);
        Assert.True(story.Send("ada", new ClosePoll("p")).IsAccepted);
        Assert.Equal(Code.UnknownPoll, story.Send("ada", new ClosePoll("q")).Code);
        Assert.Equal(Code.PollClosed, story.Send("bob", new Vote("p", 0)).Code);
        var poll = Assert.Single(story.Snapshot(null).Polls!);
        Assert.Equal([1L, 1L], poll.Votes);
        Assert.False(poll.Open);
    }

    [Fact]
    public void A_known_key_is_answered_as_the_first_time_and_counts_once()
    {
        var story = Story.Live();
        var first = story.Send("bob", new Comment("x", null), key: 77);
        Assert.Equal(first, story.Send("bob", new Comment("x", null), key: 77));
        Assert.Equal(first, story.State.Check(Story.By("bob", new Comment("x", null), key: 77), story.NowMs, RuleBook.First));
        Assert.NotEqual(first, story.Send("eve", new Comment("x", null), key: 77));
        Assert.Equal(2, story.Snapshot(null).Comments!.Count);
        story.Send("mod", new Ban("bob", null, false), moderates: true);
        Assert.Equal(first, story.Send("bob", new Comment("x", null), key: 77));
        Assert.Equal(Code.Banned, story.Send("bob", new Comment("y", null), key: 78).Code);
        story.Send("mod", new Unban("bob"), moderates: true);
        Assert.True(story.Send("bob", new Comment("y", null), key: 78).IsAccepted);
        story.NowMs += 600_000;
        Assert.NotEqual(first, story.Send("bob", new Comment("x", null), key: 77));
    }

    [Fact]
    public void The_newest_256_keys_of_a_user_are_remembered()
    {
        var story = Story.Live();
        var answers = Enumerable.Range(1, 257).Select(key => story.Tell(Story.By("bob", new Reaction("like", 1), key: (UInt128)key)).Answers[0].Results[0]).ToArray();
        Assert.Equal(answers[1], story.State.Check(Story.By("bob", new Reaction("like", 1), key: 2), story.NowMs, RuleBook.First));
        Assert.Null(story.State.Check(Story.By("bob", new Reaction("like", 1), key: 1), story.NowMs, RuleBook.First));
    }

    [Fact]
    public void Viewers_are_the_sum_over_frontends_and_a_gone_frontend_takes_its_own_along()
    {
        var story = Story.Live();
        story.Tell(
            story.Next("n1", new ViewersCounted(3), new RosterJoined("bob", "Bob")),
            story.Next("n2", new ViewersCounted(4), new RosterJoined("bob", "Bob")));
        story.Tell("n1", new RosterJoined("eve", "Eve"));
        Assert.Equal(7, story.State.Viewers);
        Assert.Equal(["n1", "n2"], story.State.Frontends);
        Assert.Equal(["bob", "eve"], story.Snapshot(null).Roster!.Joined.Select(member => member.User));
        var before = story.State.Position.Offset;
        story.Tell(new FrontendGone("n1"));
        story.Tell(new FrontendGone("n1"));
        Assert.Equal(4, story.State.Viewers);
        var frame = story.Sum(before, null, 50);
        Assert.Equal(["eve"], frame.Roster!.Left);
        Assert.Equal(1, frame.Roster.Count);
        Assert.True(story.Sum(before + 1, null, 50).IsEmpty);
    }

    [Fact]
    public void A_roster_is_dropped_when_the_room_grows_large_and_starts_empty_when_it_is_small_again()
    {
        var story = Story.Live();
        story.Tell("n1", new ViewersCounted(200), new RosterJoined("bob", "Bob"));
        Assert.True(story.State.RosterOpen);
        var before = story.State.Position.Offset;
        story.Tell("n1", new ViewersCounted(201));
        Assert.False(story.State.RosterOpen);
        var frame = story.Sum(before, null, 50);
        Assert.True(frame.RosterChanged);
        Assert.Null(frame.Roster);
        story.Tell("n1", new RosterJoined("eve", "Eve"));
        Assert.Null(story.Snapshot(null).Roster);
        story.Tell("n1", new ViewersCounted(5));
        story.Tell("n1", new RosterJoined("eve", "Eve"));
        frame = story.Sum(before, null, 50);
        Assert.Equal([new RosterMember("eve", "Eve")], frame.Roster!.Joined);
        Assert.Equal(["bob"], frame.Roster.Left);
    }

    [Fact]
    public void Older_comments_are_paged_from_an_id_and_2000_are_kept()
    {
        var story = Story.Live();
        var ids = Enumerable.Range(0, 2010).Select(i => story.Send("bob", new Comment($"{i}", null)).Id!).ToArray();
        var page = story.State.Comments(ids[100], 3, null)!;
        Assert.Equal(["97", "98", "99"], page.Select(comment => comment.Text));
        Assert.Null(story.State.Comments(ids[9], 3, null));
        Assert.Empty(story.State.Comments(ids[10], 3, null)!);
        Assert.Equal("2009", story.State.Comments(null, 5, null)![^1].Text);
        Assert.Equal(Code.UnknownComment, story.Send("bob", new Comment("re", ids[9])).Code);
        var loaded = StreamState.Load(story.State.Save());
        Assert.Equal(page, loaded.Comments(ids[100], 3, null)!);
    }

    [Fact]
    public void Of_long_comments_fewer_are_kept_and_a_loaded_fold_keeps_the_same()
    {
        var story = Story.Live(new SettingsPatch(MaxCommentLength: 5000));
        var text = new string('x', 5000);
        for (var i = 0; i < 600; i++) story.Send("bob", new Comment(text, null));
        var kept = Enumerable.Range(0, 600).Count(i => story.State.Comments($"k3f.{i + 3}.0", 1, null) is not null);
        Assert.InRange(kept, 400, 420);
        Assert.Equal(story.State.Save(), StreamState.Load(story.State.Save()).Save());
        for (var i = 0; i < 100; i++) story.Send("bob", new Comment("short", null));
        Assert.Equal("short", story.State.Comments(null, 100, null)![0].Text);
    }

    [Fact]
    public void A_check_changes_nothing()
    {
        var story = Story.Live();
        var before = story.State.Save();
        Assert.Null(story.State.Check(Story.By("bob", new Comment("x", null), key: 5), story.NowMs, RuleBook.First));
        Assert.Equal(Code.UnknownKind, story.State.Check(Story.By("bob", new Reaction("no", 1)), story.NowMs, RuleBook.First)!.Value.Code);
        Assert.Equal(before, story.State.Save());
    }

    [Fact]
    public void The_seed_names_the_first_creation()
    {
        var story = new Story();
        Assert.Equal(0UL, story.State.Seed);
        story.Tell(new Configured("ada", 42, new SettingsPatch()));
        story.Tell(new Configured("eve", 43, new SettingsPatch()));
        Assert.Equal(42UL, StreamState.Load(story.State.Save()).Seed);
    }

    [Fact]
    public void A_view_is_described_by_the_comments_that_it_keeps()
    {
        var story = Story.Live();
        story.Send("mod", new Ban("bob", null, true), moderates: true);
        for (var i = 0; i < 300; i++) story.Tell(Story.By("bob", new Comment($"b{i}", null)), Story.By("eve", new Comment($"e{i}", null)));
        story.Send("eve", new Delete(story.Snapshot(null).Comments![^1].Id));
        var shown = story.State.Describe().Effects.OfType<CommentShown>().ToArray();
        Assert.Equal(Enumerable.Range(100, 200).Select(i => $"b{i}"), shown.Where(one => one.Shadow).Select(one => one.Comment.Text));
        Assert.Equal(Enumerable.Range(99, 200).Select(i => $"e{i}"), shown.Where(one => !one.Shadow).Select(one => one.Comment.Text));
    }

    [Fact]
    public void Bytes_that_are_no_saved_fold_are_refused()
    {
        var saved = Story.Live().State.Save();
        Assert.Throws<InvalidDataException>(() => StreamState.Load(ReadOnlyMemory<byte>.Empty));
        for (var length = 1; length < saved.Length; length++) Assert.Throws<InvalidDataException>(() => StreamState.Load(saved.AsMemory(0, length)));
        Assert.Throws<InvalidDataException>(() => StreamState.Load(saved.Append((byte)0).ToArray()));
    }
}
