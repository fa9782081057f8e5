using Interactions.Contracts;
using Interactions.Contracts.Log;
using Interactions.Silo.Logs;
using Interactions.Silo.Logs.Redis;
using Xunit;

namespace Interactions.Tests.Silo.Logs;

/// <summary>Which entries follow on what a store came back with. Its epochs are named by when they began: e1, e2, e3.</summary>
public sealed class RedisRestorePlanTests
{
    [Fact]
    public void Only_what_the_store_lacks_is_written()
    {
        var plan = RestorePlan.For(Store("e1.3"), Snapshot("e1.4"), null, Entries("e1.2", "e1.3", "e1.4", "e1.5"));

        Assert.Equal(["e1.4", "e1.5"], plan!.Missing.Select(entry => entry.Position.ToString()));
        Assert.Null(plan.Snapshot);
        Assert.False(plan.Replaces);
    }

    [Fact]
    public void A_later_epoch_may_begin_directly_after_the_store_and_the_stored_one_has_ended_then()
    {
        var plan = RestorePlan.For(Store("e1.3"), null, Head("e1.3"), Entries("e2.4", "e2.5"));

        Assert.Equal([("e1", 3L)], plan!.Epochs.Past);
        Assert.Equal("e2", plan.Epochs.Current);
    }

    [Fact]
    public void An_epoch_that_began_before_the_stored_one_does_not_follow()
    {
        Assert.Null(RestorePlan.For(Store("e2.3"), null, Head("e1.3"), Entries("e1.4")));
        Assert.Null(RestorePlan.For(Store("e2.3"), Snapshot("e1.8"), null, Entries("e1.9")));
    }

    [Fact]
    public void A_snapshot_of_another_epoch_before_the_entries_ends_that_epoch_there()
    {
        var plan = RestorePlan.For(Store("e1.3"), Snapshot("e2.7"), Head("e2.7"), Entries("e3.8"));

        Assert.True(plan!.Replaces);
        Assert.Equal([("e1", 6L), ("e2", 7L)], plan.Epochs.Past);
        Assert.Equal("e3", plan.Epochs.Current);
    }

    [Fact]
    public void A_store_that_is_ahead_or_has_another_entry_at_its_head_is_left_alone()
    {
        Assert.Null(RestorePlan.For(Store("e1.6"), null, null, Entries("e1.4", "e1.5")));
        Assert.Null(RestorePlan.For(Store("e2.4"), null, null, Entries("e1.3", "e1.4", "e1.5")));
        Assert.Null(RestorePlan.For(Store("e1.4", writer: "w2"), null, null, Entries("e1.3", "e1.4", "e1.5")));
        Assert.Null(RestorePlan.For(Store("e1.4", number: 9), null, null, Entries("e1.3", "e1.4", "e1.5")));
    }

    [Fact]
    public void Entries_follow_on_the_one_that_was_before_them_and_on_no_other()
    {
        Assert.NotNull(RestorePlan.For(Store("e1.3"), null, Head("e1.3"), Entries("e1.4")));
        foreach (var snapshot in new[] { null, Snapshot("e1.4") })
        {
            Assert.Null(RestorePlan.For(Store("e1.3", writer: "w2"), snapshot, Head("e1.3"), Entries("e1.4")));
            Assert.Null(RestorePlan.For(Store("e1.3", number: 9), snapshot, Head("e1.3"), Entries("e1.4")));
        }
    }

    [Fact]
    public void Entries_before_which_nobody_knows_what_was_follow_on_their_snapshot_alone()
    {
        Assert.Null(RestorePlan.For(Store("e1.3"), null, null, Entries("e1.4")));
        Assert.True(RestorePlan.For(Store("e1.3"), Snapshot("e1.4"), null, Entries("e1.4"))!.Replaces);
    }

    private static StoredHead Store(string position, string writer = "w1", long? number = null)
    {
        var head = Head(position);
        return new(LogEpochs.Of(head.Position.Epoch), head with { Writer = writer, Number = number ?? head.Number }, IsRestarted: true, Gone: "");
    }

    private static LogHead Head(string position) => LogHead.Of(Entries(position)[0]);

    private static Entry[] Entries(params string[] positions) =>
        [.. positions.Select(Parse).Select(position => new Entry(position, 1000 + position.Offset, "w1", position.Offset, new byte[] { 1 }))];

    private static LogSnapshot Snapshot(string position) => new(Parse(position), 1000, new byte[] { 1 });

    private static Position Parse(string text) => Position.TryParse(text, out var position) ? position : throw new FormatException(text);
}
