using System.Diagnostics;
using Interactions.LoadTests.Measuring;

namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>
/// Holds what a viewer is shown against the rules of the protocol and measures how old it is. After every frame: what the
/// last snapshot said plus all deltas since = the totals in the frame, and the position has risen.
/// </summary>
internal sealed class ViewerCheck(SwarmCounts counts)
{
    private readonly Histogram _like = counts.Latency(LatencyNames.Like);
    private readonly Histogram _comment = counts.Latency(LatencyNames.Comment);
    private readonly Histogram _oldest = counts.Latency(LatencyNames.Oldest);
    private readonly Histogram _built = counts.Latency(LatencyNames.Built);
    private readonly Histogram _first = counts.Latency(LatencyNames.First);
    private readonly Histogram _back = counts.Latency(LatencyNames.Back);
    private readonly Histogram _behind = counts.Latency(LatencyNames.Behind);
    private readonly Histogram _recent = new();

    /// <summary>When the likes of this run are due.</summary>
    public LikeClock Clock { get; set; }

    /// <summary>From which moment (a timestamp) frames are measured; later = none.</summary>
    public long MeasuresFrom { get; set; } = long.MaxValue;

    /// <summary>Forgets what was measured so far; checks go on.</summary>
    public void StartMeasuring(LikeClock clock, long fromTicks)
    {
        (Clock, MeasuresFrom) = (clock, fromTicks);
        foreach (var latency in counts.Latencies.Values) latency.Clear();
    }

    public void Shown(Viewer viewer, FrameFacts frame, long nowTicks, long nowUtcMicroseconds)
    {
        switch (frame.Sort)
        {
            case MessageSort.Snapshot:
                counts.Snapshots++;
                Arrived(viewer, nowTicks);
                Replace(viewer, frame);
                break;
            case MessageSort.Frame:
                counts.Frames++;
                var back = viewer.IsShown;
                Arrived(viewer, nowTicks);
                if (frame.Offset >= 0) Change(viewer, frame, strictly: back, nowTicks);
                if (nowTicks >= MeasuresFrom) Measure(viewer, frame, nowTicks, nowUtcMicroseconds);
                break;
            case MessageSort.Error:
                counts.Unreadable++;
                break;
        }
    }

    /// <summary>The 99th percentile of what was measured since it was last asked for.</summary>
    public double TakeRecentP99Ms()
    {
        var p99 = _recent.PercentileMicroseconds(99) / 1000.0;
        _recent.Clear();
        return p99;
    }

    private void Arrived(Viewer viewer, long nowTicks)
    {
        if (viewer.IsShown) return;
        viewer.IsShown = true;
        counts.Shown++;
        if (viewer.CutAt != 0)
        {
            counts.Back++;
            _back.Record(Microseconds(nowTicks - viewer.CutAt));
        }
        else
        {
            _first.Record(Microseconds(nowTicks - viewer.ConnectedAt));
        }

        viewer.CutAt = 0;
    }

    private void Replace(Viewer viewer, FrameFacts frame)
    {
        if (viewer.Snapshots++ > 0) counts.Resnapshots++;
        frame.Totals.CopyTo(viewer.Sums);
        (viewer.Epoch, viewer.Offset, viewer.Position) = (frame.Epoch, frame.Offset, frame.Position);
    }

    private void Change(Viewer viewer, FrameFacts frame, bool strictly, long nowTicks)
    {
        if (frame.Epoch != viewer.Epoch || frame.Offset < viewer.Offset || (strictly && frame.Offset == viewer.Offset)) counts.PositionsBack++;
        (viewer.Epoch, viewer.Offset, viewer.Position) = (frame.Epoch, frame.Offset, frame.Position);
        var before = viewer.Sums[0];
        var said = frame.TotalsSaid;
        var totals = frame.Totals;
        var deltas = frame.Deltas;
        for (var kind = 0; kind < FrameFacts.MostKinds; kind++)
        {
            viewer.Sums[kind] += deltas[kind];
            if ((said & (1 << kind)) != 0 && viewer.Sums[kind] != totals[kind])
            {
                counts.DeltaMismatches++;
                viewer.Sums[kind] = totals[kind];
            }
        }

        viewer.Comments += frame.Comments + frame.Missed;
        viewer.CommentHashes += frame.CommentHashes;
        viewer.Missed += frame.Missed;
        counts.Missed += frame.Missed;
        if (viewer.Pace != ViewerPace.Healthy || nowTicks < MeasuresFrom) return;
        if (viewer.Sums[0] > before)
        {
            Clock.Record(viewer.Stream, before, viewer.Sums[0], nowTicks, _like);
        }

        foreach (var sentAt in frame.CommentsSentAt)
        {
            if (sentAt >= MeasuresFrom) _comment.Record(Microseconds(nowTicks - sentAt));
        }
    }

    private void Measure(Viewer viewer, FrameFacts frame, long nowTicks, long nowUtcMicroseconds)
    {
        if (viewer.Pace == ViewerPace.Dripping)
        {
            if (frame.AtMs > 0) _behind.Record(nowUtcMicroseconds - (frame.AtMs * 1000));
            return;
        }

        if (frame.AtMs > 0) _built.Record(nowUtcMicroseconds - (frame.AtMs * 1000));
        if (frame.OldestMs > 0)
        {
            _oldest.Record(nowUtcMicroseconds - (frame.OldestMs * 1000));
            _recent.Record(nowUtcMicroseconds - (frame.OldestMs * 1000));
        }
    }

    private static long Microseconds(long ticks) => ticks / (Stopwatch.Frequency / 1_000_000);
}
