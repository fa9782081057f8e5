using System.Diagnostics;

namespace Interactions.Engine.Paths;

/// <summary>What a client saw: when pushes came, and when each was next in line. Safe for concurrent callers.</summary>
internal sealed class Arrivals : IPushObserver
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, Line> _lines = [];
    private readonly List<double> _arrivedMs = [];
    private readonly List<double> _inOrderMs = [];
    private readonly List<double> _holeMs = [];
    private int _outOfOrder;
    private long _sinceTicks;

    public void Pushed(Push push)
    {
        var now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            if (push.SentTicks < _sinceTicks) return; // of the run before
            if (!_lines.TryGetValue(push.Stream, out var line)) _lines[push.Stream] = line = new Line();
            line.LongestGap = TimeSpan.FromTicks(Math.Max(line.LongestGap.Ticks, line.LastAt == 0 ? 0 : Stopwatch.GetElapsedTime(line.LastAt, now).Ticks));
            line.LastAt = now;
            _arrivedMs.Add(Since(push.SentTicks, now));
            if (push.Number < line.Highest) _outOfOrder++;
            line.Highest = Math.Max(line.Highest, push.Number);
            line.Waiting[push.Number] = (push, now);
            Release(line, now);
        }
    }

    public Task PushedAsync(Push push)
    {
        Pushed(push);
        return Task.CompletedTask;
    }

    /// <summary>The latency of something that has no order.</summary>
    public void Add(double ms)
    {
        lock (_gate) _arrivedMs.Add(ms);
    }

    public ArrivalReport Take()
    {
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            var (arrived, inOrder, holes) = (_arrivedMs.Order().ToArray(), _inOrderMs.Order().ToArray(), _holeMs.Order().ToArray());
            double[] gaps = [.. _lines.Values.Select(line => line.LongestGap.TotalSeconds)];
            double[] quiet = [.. _lines.Values.Select(line => Stopwatch.GetElapsedTime(line.LastAt, now).TotalSeconds)];
            var report = new ArrivalReport(
                arrived.Length, Sorted.Percentile(arrived, 50), Sorted.Percentile(arrived, 99), _outOfOrder,
                Sorted.Percentile(inOrder, 50), Sorted.Percentile(inOrder, 99),
                Sorted.Percentile(holes, 50), Sorted.Percentile(holes, 99), holes.Length == 0 ? 0 : holes[^1], holes.Count(ms => ms > Window.TotalMilliseconds),
                gaps, quiet);
            (_outOfOrder, _sinceTicks) = (0, now);
            _lines.Clear();
            _arrivedMs.Clear();
            _inOrderMs.Clear();
            _holeMs.Clear();
            return report;
        }
    }

    // A frontend asks for what is missing after the window; here it is only counted.
    private void Release(Line line, long now)
    {
        while (line.Waiting.Remove(line.Next, out var next))
        {
            line.Next++;
            _inOrderMs.Add(Since(next.Push.SentTicks, now));
            if (next.At != now) _holeMs.Add(Since(next.At, now));
        }
    }

    private static double Since(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    private sealed class Line
    {
        public long Next { get; set; } = 1;

        public long Highest { get; set; }

        public long LastAt { get; set; }

        public TimeSpan LongestGap { get; set; }

        public Dictionary<long, (Push Push, long At)> Waiting { get; } = [];
    }
}

/// <param name="HoleP50Ms">How long a push that came early waited for those before it.</param>
/// <param name="LongestGaps">Seconds between two pushes, per stream.</param>
/// <param name="Quiet">Seconds since the last push, per stream.</param>
internal sealed record ArrivalReport(
    int Count, double P50Ms, double P99Ms, int OutOfOrder, double OrderedP50Ms, double OrderedP99Ms,
    double HoleP50Ms, double HoleP99Ms, double HoleMaxMs, int BeyondWindow, double[] LongestGaps, double[] Quiet);
