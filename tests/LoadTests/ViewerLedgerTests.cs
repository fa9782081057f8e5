using Xunit;
using static Interactions.Tests.LoadTests.Ledgers;

namespace Interactions.Tests.LoadTests;

public sealed class ViewerLedgerTests
{
    [Fact]
    public void Deltas_since_the_snapshot_add_up_to_the_totals()
    {
        var ledger = After(
            Snapshot(1, """{"like":5}"""),
            Frame(2, """ "totals":{"like":8,"heart":1},"delta":{"like":3,"heart":1} """),
            Frame(3, """ "totals":{"like":7},"delta":{"like":-1} """));

        Assert.Equal(0, ledger.DeltaMismatches);
        Assert.Equal(new Dictionary<string, long> { ["like"] = 7, ["heart"] = 1 }, ledger.Summed);
        Assert.Equal(8, ledger.TotalOfAll);
        Assert.Equal("e.3", ledger.Position);
    }

    [Fact]
    public void A_frame_whose_delta_does_not_lead_to_its_total_is_a_mismatch()
    {
        var ledger = After(Snapshot(1, """{"like":5}"""), Frame(2, """ "totals":{"like":8},"delta":{"like":2} """));

        Assert.Equal(1, ledger.DeltaMismatches);
    }

    [Fact]
    public void A_total_without_its_delta_is_a_mismatch()
    {
        var ledger = After(Snapshot(1, """{"like":5}"""), Frame(2, """ "totals":{"like":6} """));

        Assert.Equal(1, ledger.DeltaMismatches);
    }

    [Fact]
    public void A_second_snapshot_replaces_the_sums()
    {
        var ledger = After(Snapshot(1, """{"like":5}"""), Snapshot(9, """{"like":50}"""), Frame(10, """ "totals":{"like":51},"delta":{"like":1} """));

        Assert.Equal(0, ledger.DeltaMismatches);
        Assert.Equal(2, ledger.Snapshots);
        Assert.Equal(51, ledger.Summed["like"]);
    }
}
