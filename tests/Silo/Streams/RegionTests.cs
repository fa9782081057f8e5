using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Frames;
using Interactions.Contracts.Interactions;
using Interactions.Silo.Streams;
using Xunit;

namespace Interactions.Tests.Silo.Streams;

/// <summary>Two regions decide on their own, then hear of each other: both must say the same, whoever hears first.</summary>
public sealed class RegionTests
{
    private readonly Story _eu = RandomStory.Live();
    private readonly Story _us = new("us", "uuu");

    [Fact]
    public void The_later_vote_counts_wherever_it_was_cast()
    {
        _eu.Send("ada", new OpenPoll("p", "?", ["a", "b"]));
        Meet();
        _us.NowMs = _eu.NowMs + 5000;
        _us.Send("bob", new Vote("p", 1));
        _eu.Send("bob", new Vote("p", 0));
        _us.Send("eve", new Vote("p", 0));
        _eu.NowMs = _us.NowMs + 5000;
        _eu.Send("eve", new Vote("p", 1));
        Meet();
        Assert.Equal([("p", 1)], _eu.State.Me("bob", 0).Votes);
        Assert.Equal([0L, 2L], _eu.Snapshot(null).Polls!.Single().Votes);
        _eu.Send("ada", new ClosePoll("p"));
        Meet();
        Assert.Equal(Code.PollClosed, _us.Send("bob", new Vote("p", 0)).Code);
    }

    [Fact]
    public void A_once_per_user_reaction_is_counted_once_over_regions_and_taps_add_up()
    {
        _eu.Tell(new Configured("ada", 1, new SettingsPatch(Tap: false)));
        Meet();
        _eu.Send("bob", new Reaction("heart", 1));
        _us.NowMs = _eu.NowMs;
        _us.Send("bob", new Reaction("heart", 1));
        _eu.Tell(new Taps("like", 3));
        _us.Tell(new Taps("like", 4));
        Meet();
        Assert.Equal((1, 7), (_us.Total("heart"), _us.Total("like")));
        _us.NowMs += 10_000;
        _us.Send("bob", new Reaction("heart", 0));
        Meet();
        Assert.Equal(0, _eu.Total("heart"));
        _eu.NowMs = _us.NowMs + 10_000;
        _eu.Send("bob", new Reaction("heart", 1));
        Meet();
        Assert.Equal(1, _us.Total("heart"));
    }

    [Fact]
    public void The_later_ban_and_pin_win_deletions_stay_and_ended_is_final()
    {
        var id = _eu.Send("bob", new Comment("x", null)).Id!;
        Meet();
        _us.NowMs = _eu.NowMs + 500;
        Assert.True(_us.Send("mod", new Pin(id), moderates: true).IsAccepted);
        _us.Send("mod", new Ban("bob", null, false), moderates: true);
        _us.Send("mod", new Delete(id), moderates: true);
        _us.Tell(new StatusSet(StreamStatus.Ended));
        Meet();
        Assert.Empty(_eu.Snapshot(null).Comments!);
        Assert.Null(_eu.Snapshot(null).Pinned);
        Assert.NotNull(_eu.State.Me("bob", 0).Ban);
        Assert.Equal(StreamStatus.Ended, _eu.State.Status);
    }

    [Fact]
    public void Comments_of_two_regions_stand_in_the_order_of_their_times()
    {
        Meet();
        _us.NowMs = _eu.NowMs + 500;
        for (var i = 0; i < 3; i++)
        {
            _us.Send("eve", new Comment($"us {i}", null));
            _eu.Send("bob", new Comment($"eu {i}", null));
        }

        Meet();
        Assert.Equal(["eu 0", "us 0", "eu 1", "us 1", "eu 2", "us 2"], _us.Snapshot(null).Comments!.Select(comment => comment.Text));
    }

    private void Meet()
    {
        // As bytes, as parts will travel: neither side may change the other's afterwards.
        var (eu, us) = (StreamState.Load(_eu.State.Save()), StreamState.Load(_us.State.Save()));
        _eu.Adopt(us.Parts);
        _us.Adopt(eu.Parts);
        Assert.Equal(Seen(_eu.State), Seen(_us.State));
    }

    private static string Seen(StreamState state) =>
        System.Text.Encoding.UTF8.GetString(FrameJson.Encode(state.ToView().Snapshot(null) with { Position = Position.Start }, 0));
}
