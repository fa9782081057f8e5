using System.Text;
using Interactions.LoadTests.Swarm.Watching;
using Xunit;

namespace Interactions.Tests.LoadTests.Swarm;

public sealed class ViewerCheckTests
{
    private readonly SwarmCounts _counts = new();
    private readonly ViewerCheck _check;
    private readonly Viewer _viewer = ProtocolTests.NewViewer();
    private readonly FrameScan _scan = new(["like"]);

    public ViewerCheckTests() => _check = new ViewerCheck(_counts);

    [Fact]
    public void Frames_that_add_up_and_rise_are_in_order()
    {
        Show(MessageSort.Snapshot, 1, total: 10);
        Show(MessageSort.Frame, 2, total: 12, delta: 2);
        Show(MessageSort.Frame, 3, total: 11, delta: -1, comment: "k.3.0");

        Assert.Equal((0, 0), (_counts.DeltaMismatches, _counts.PositionsBack));
        Assert.Equal((11, 1, FrameScan.Hash("k.3.0"u8)), (_viewer.Sums[0], _viewer.Comments, _viewer.CommentHashes));
    }

    [Fact]
    public void A_frame_that_is_left_out_is_noticed_by_the_totals_of_the_next()
    {
        Show(MessageSort.Snapshot, 1, total: 10);
        Show(MessageSort.Frame, 3, total: 15, delta: 1);

        Assert.Equal(1, _counts.DeltaMismatches);
    }

    [Fact]
    public void A_frame_that_comes_twice_is_noticed_by_its_position()
    {
        Show(MessageSort.Snapshot, 1, total: 10);
        Show(MessageSort.Frame, 2, total: 12, delta: 2);
        Show(MessageSort.Frame, 2, total: 12, delta: 2);

        Assert.Equal((1, 1), (_counts.DeltaMismatches, _counts.PositionsBack));
    }

    [Fact]
    public void A_viewer_that_was_cut_is_back_with_its_first_frame_and_keeps_its_sums()
    {
        Show(MessageSort.Snapshot, 1, total: 10);
        _viewer.CutAt = 1;
        _viewer.IsShown = false;
        Show(MessageSort.Frame, 5, total: 14, delta: 4);

        Assert.Equal((1, 0, 0), (_counts.Back, _counts.Resnapshots, _counts.DeltaMismatches));
        Assert.Equal(1, _counts.Latency(LatencyNames.Back).Count);
    }

    private void Show(MessageSort sort, long offset, long total, long delta = 0, string? comment = null)
    {
        var comments = comment is null ? "" : $$""","comments":[{"id":"{{comment}}","user":"u","name":"n","text":"t","at":1,"replyTo":null}]""";
        var changed = sort == MessageSort.Snapshot ? "" : $$""","delta":{"like":{{delta}}}""";
        var facts = new FrameFacts();
        _scan.Read(Encoding.UTF8.GetBytes($$"""{"stream":"s","position":"k.{{offset}}","at":1,"totals":{"like":{{total}}}{{changed}}{{comments}}}"""), sort, facts);
        _check.Shown(_viewer, facts, nowTicks: 1000, nowUtcMicroseconds: 1000);
    }
}
