using Interactions.LoadTests.Checks;
using Xunit;
using static Interactions.Tests.LoadTests.Ledgers;

namespace Interactions.Tests.LoadTests;

public sealed class JudgeTests
{
    [Fact]
    public void Comments_that_each_came_once_are_delivered()
    {
        var ledger = After(Snapshot(1), Frame(2, "\"missed\":0", "e.2.0"), Frame(3, "\"missed\":0", "e.3.0"));

        Assert.Equal(new ViewerVerdict(2, 0, 0, 0, 0), Judge.Viewer([Accepted(2), Accepted(3)], ledger));
        Assert.Equal(["e.2.0", "e.3.0"], ledger.Order);
    }

    [Fact]
    public void A_comment_that_nothing_accounts_for_is_lost()
    {
        var ledger = After(Snapshot(1), Frame(3, "\"missed\":0", "e.3.0"));

        Assert.Equal(new ViewerVerdict(1, 0, 1, 0, 0), Judge.Viewer([Accepted(2), Accepted(3)], ledger));
    }

    [Fact]
    public void As_many_as_a_frame_says_it_left_out_are_conflated_and_one_more_is_lost()
    {
        var ledger = After(Snapshot(1), Frame(5, "\"missed\":2", "e.5.0"));

        Assert.Equal(new ViewerVerdict(1, 2, 1, 0, 0), Judge.Viewer([Accepted(2), Accepted(3), Accepted(4), Accepted(5)], ledger));
    }

    [Fact]
    public void A_comment_that_comes_in_a_second_frame_is_repeated()
    {
        var ledger = After(Snapshot(1), Frame(2, "\"missed\":0", "e.2.0"), Frame(3, "\"missed\":0", "e.2.0"));

        Assert.Equal(new ViewerVerdict(1, 0, 0, 1, 0), Judge.Viewer([Accepted(2)], ledger));
    }

    [Fact]
    public void A_snapshot_repeats_nothing_and_stands_for_what_came_before_it_but_not_for_what_comes_after()
    {
        var ledger = After(Snapshot(1), Frame(2, "\"missed\":0", "e.2.0"), Snapshot(4, "{}", "e.2.0", "e.4.0"), Frame(6, "\"missed\":0", "e.6.0"));

        Assert.Equal(
            new ViewerVerdict(Delivered: 3, Conflated: 1, Lost: 1, Repeated: 0, Unknown: 0),
            Judge.Viewer([Accepted(2), Accepted(3), Accepted(4), Accepted(5), Accepted(6)], ledger));
    }

    [Fact]
    public void A_comment_that_nobody_was_acknowledged_is_unknown()
    {
        var ledger = After(Snapshot(1), Frame(2, "\"missed\":0", "e.2.0"));

        Assert.Equal(1, Judge.Viewer([], ledger).Unknown);
    }

    [Fact]
    public void Order_is_compared_over_the_comments_that_both_were_shown()
    {
        string[] longest = ["a", "b", "c", "d"];
        var reference = Judge.Reference([["a"], longest]);

        Assert.True(Judge.SameOrder(reference, ["a", "c", "x", "d"]));
        Assert.False(Judge.SameOrder(reference, ["a", "c", "b"]));
    }

    [Fact]
    public void A_kind_with_nothing_is_the_same_as_no_kind()
    {
        Assert.True(Judge.SameTotals(new Dictionary<string, long> { ["like"] = 2, ["wow"] = 0 }, new Dictionary<string, long> { ["like"] = 2 }));
        Assert.False(Judge.SameTotals(new Dictionary<string, long> { ["like"] = 2 }, new Dictionary<string, long>()));
    }
}
