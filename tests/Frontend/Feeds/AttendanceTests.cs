using Interactions.Contracts.Batches;
using Interactions.Contracts.Effects;
using Interactions.Frontend.Feeds;
using Xunit;

namespace Interactions.Tests.Frontend.Feeds;

public class AttendanceTests
{
    private readonly Attendance _attendance = new(TimeSpan.FromSeconds(10));
    private int _viewers;
    private bool _hasRoster;

    [Fact]
    public void The_count_is_told_at_once_and_then_at_most_once_a_second()
    {
        _attendance.Join(null, null);
        Assert.Equal([new ViewersCounted(1)], At(0));
        _attendance.Join(null, null);
        _attendance.Join(null, null);
        Assert.Empty(At(500));
        Assert.Equal([new ViewersCounted(3)], At(1_000));
        _attendance.Leave(null, 1_100);
        Assert.Empty(At(1_100));
        Assert.Equal([new ViewersCounted(2)], At(2_000));
    }

    [Fact]
    public void Who_comes_and_goes_within_a_second_is_not_told_of()
    {
        _attendance.Join(null, null);
        At(0);
        _attendance.Join(null, null);
        At(100);
        _attendance.Leave(null, 200);
        Assert.Empty(At(1_500));
    }

    [Fact]
    public void When_the_last_viewer_leaves_the_stream_hears_so()
    {
        _attendance.Join(null, null);
        At(0);
        _attendance.Leave(null, 5_000);
        Assert.False(_attendance.IsSettled);
        Assert.Equal([new ViewersCounted(0)], At(5_000));
        Assert.True(_attendance.IsSettled);
    }

    [Fact]
    public void A_roster_is_told_who_is_there_and_who_has_been_away_for_10_s()
    {
        _hasRoster = true;
        _attendance.Join("ada", "Ada");
        Assert.Equal([new ViewersCounted(1), new RosterJoined("ada", "Ada")], At(0));
        _attendance.Leave("ada", 2_000);
        Assert.Equal([new ViewersCounted(0)], At(2_000));
        Assert.Empty(At(11_999));
        Assert.Equal([new RosterLeft("ada")], At(12_000));
        Assert.True(_attendance.IsSettled);
    }

    [Fact]
    public void Who_comes_back_within_10_s_has_not_left()
    {
        _hasRoster = true;
        _attendance.Join("ada", "Ada");
        At(0);
        _attendance.Leave("ada", 1_000);
        At(1_000);
        _attendance.Join("ada", "Ada");
        Assert.Equal([new ViewersCounted(1)], At(5_000));
        Assert.Empty(At(20_000));
    }

    [Fact]
    public void A_user_with_two_connections_is_there_until_both_are_gone()
    {
        _hasRoster = true;
        _attendance.Join("ada", "Ada");
        _attendance.Join("ada", "Ada");
        At(0);
        _attendance.Leave("ada", 1_000);
        At(1_000);
        Assert.Empty(At(30_000));
        _attendance.Leave("ada", 30_000);
        At(30_000);
        Assert.Contains(new RosterLeft("ada"), At(40_000));
    }

    [Fact]
    public void Who_signs_in_is_on_the_roster_and_counted_once()
    {
        _hasRoster = true;
        _attendance.Join(null, null);
        At(0);
        _attendance.SignIn("ada", null);
        Assert.Equal([new RosterJoined("ada", "ada")], At(100));
    }

    [Fact]
    public void A_roster_that_opens_again_is_told_everybody()
    {
        _attendance.Join("ada", "Ada");
        Assert.Equal([new ViewersCounted(1)], At(0));
        _hasRoster = true;
        Assert.Equal([new RosterJoined("ada", "Ada")], At(100));
        _hasRoster = false;
        Assert.Empty(At(200));
        _hasRoster = true;
        Assert.Equal([new RosterJoined("ada", "Ada")], At(300));
    }

    [Fact]
    public void What_the_stream_may_have_forgotten_is_told_again()
    {
        _hasRoster = true;
        _attendance.Join("ada", "Ada");
        At(0);
        _attendance.Reannounce();
        Assert.Equal([new ViewersCounted(1), new RosterJoined("ada", "Ada")], At(10));
    }

    [Fact]
    public void A_count_below_what_was_told_means_that_the_stream_took_this_frontend_for_gone()
    {
        _attendance.Join(null, null);
        _attendance.Join(null, null);
        At(0);
        _viewers = 0;
        Assert.Empty(At(500, isCounted: false));
        Assert.Equal([new ViewersCounted(2)], At(1_000, isCounted: false));
    }

    [Fact]
    public void Who_is_here_and_shown_as_left_is_told_of_again()
    {
        _hasRoster = true;
        _attendance.Join("ada", "Ada");
        At(0);
        _attendance.Missed(["ada", "bob"]);
        Assert.Equal([new RosterJoined("ada", "Ada")], At(100));
    }

    [Fact]
    public async Task A_stream_hears_of_viewers_over_the_outbox_and_again_when_that_failed()
    {
        await using var bench = new FeedBench();
        var feed = await bench.OpenAsync();
        feed.Join("ada", "Ada");
        await FeedBench.UntilAsync(() => bench.Stream.Batches.Count == 1, "the viewers");
        Assert.Equal([new ViewersCounted(1), new RosterJoined("ada", "Ada")], bench.Stream.Items);
        Assert.Equal(bench.Frontend, bench.Stream.Batches[0].Frontend);
        bench.Stream.Push(bench.Stream.Append(new OccupancyChanged(1)));

        bench.Stream.IsAway = true;
        feed.Join(null, null);
        await bench.AdvanceUntilAsync(() => bench.Stream.Tries.Count > 20, "tries", stepMs: 500);
        bench.Stream.IsAway = false;
        await bench.AdvanceUntilAsync(() => bench.Stream.Items.Contains(new ViewersCounted(2)), "the viewers");
    }

    [Fact]
    public async Task A_stream_that_does_not_know_the_viewers_any_more_is_told_of_them()
    {
        await using var bench = new FeedBench();
        var feed = await bench.OpenAsync();
        feed.Join(null, null);
        await FeedBench.UntilAsync(() => bench.Stream.Batches.Count == 1, "the viewers");
        bench.Stream.Push(bench.Stream.Append(new OccupancyChanged(1)));
        bench.Stream.CountsViewers = false;
        feed.Ask(SubscribeReason.Lost);
        await bench.AdvanceUntilAsync(() => bench.Stream.Items.Count(item => item == new ViewersCounted(1)) == 2, "the viewers again");
    }

    private List<BatchItem> At(long nowMs, bool isCounted = true)
    {
        if (isCounted) _viewers = int.MaxValue;
        List<BatchItem> items = [];
        _attendance.Collect(_viewers, _hasRoster, nowMs, items);
        return items;
    }
}
