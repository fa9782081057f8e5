using Interactions.Contracts.Frames;
using Interactions.Contracts.Views;

namespace Interactions.Silo.Streams;

/// <summary>
/// A stream's course as it was at one entry, all regions' together. It does not change any more, so it is added up in steps while
/// the fold goes on. What that costs depends on how much happened, never on how much time lies between.
/// </summary>
public sealed class FrozenTimeline
{
    /// <summary>Of one answer.</summary>
    public const int MostSteps = 500;

    private const int SecondMs = 1000;

    private readonly TimelineBucket[][] _regions;
    private readonly ShownTime _shown;
    private readonly long _startMs;
    private readonly long _endMs;

    /// <param name="startedAtMs">When it went live; 0 = not yet, so it begins with what happened first.</param>
    /// <param name="endMs">Nothing after this counts.</param>
    /// <param name="shown">Turns these log times into those of the answer.</param>
    internal FrozenTimeline(TimelineBucket[][] regions, long startedAtMs, long endMs, ShownTime shown)
    {
        var first = startedAtMs > 0 ? startedAtMs : regions.SelectMany(buckets => buckets.Take(1)).Select(bucket => bucket.StartMs).DefaultIfEmpty(endMs).Min();
        (_regions, _shown, _startMs, _endMs) = (regions, shown, TimelineStore.Second(shown.Show(first)), shown.Show(endMs));
    }

    /// <summary>
    /// Adds up from one time to before another, in whole seconds, in at most <see cref="MostSteps"/> steps, none finer than what is
    /// kept of that time. The first step begins at <paramref name="fromMs"/>. Parts that follow each other add up to the whole,
    /// whatever their steps.
    /// </summary>
    /// <param name="fromMs">Null, or before it: the stream's beginning.</param>
    /// <param name="toMs">Null, or after it: the stream's end.</param>
    public Timeline Sum(int stepSeconds, long? fromMs = null, long? toMs = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepSeconds);
        var from = Math.Max(_startMs, TimelineStore.Second(fromMs ?? _startMs));
        var to = toMs is { } given && given < _endMs ? TimelineStore.Second(given) : _endMs + 1;
        if (from >= to || (fromMs > _startMs && fromMs >= _endMs)) return new Timeline(stepSeconds, []);

        var stepMs = StepMs(stepSeconds * (long)SecondMs, from, to);
        var steps = new Step?[((to - from - 1) / stepMs) + 1];
        foreach (var buckets in _regions) new Walk(steps, from, to, stepMs).Along(buckets, Starts(buckets));
        List<TimelineStep> shown = [];
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i] is { IsEmpty: false } step) shown.Add(step.Show(from + (i * stepMs), Math.Min(stepMs, to - from - (i * stepMs))));
        }

        return new Timeline((int)(stepMs / SecondMs), shown);
    }

    private long StepMs(long askedMs, long from, long to)
    {
        var least = (to - from + MostSteps - 1) / MostSteps;
        foreach (var buckets in _regions)
        {
            foreach (var bucket in buckets)
            {
                if (Start(bucket) is var start && start + bucket.LengthMs > from && start < to) least = Math.Max(least, bucket.LengthMs);
            }
        }

        return (least + askedMs - 1) / askedMs * askedMs;
    }

    private long Start(TimelineBucket bucket) => Math.Min(TimelineStore.Second(_shown.Show(bucket.StartMs)), _endMs);

    // What a wrong clock said of two of them need not be in their order.
    private long[] Starts(TimelineBucket[] buckets)
    {
        var starts = Array.ConvertAll(buckets, Start);
        for (var i = 1; i < starts.Length; i++) starts[i] = Math.Max(starts[i], starts[i - 1]);
        return starts;
    }

    private sealed class Step
    {
        private readonly List<KindCount> _reactions = [];
        private long _comments;

        public bool IsEmpty => _reactions.Count == 0 && _comments == 0 && Peak == 0;

        public double ViewerMs { get; set; }

        public int Peak { get; set; }

        public void Add(TimelineBucket bucket)
        {
            foreach (var (kind, count) in bucket.Reactions) TimelineBucket.Add(_reactions, kind, count);
            _comments += bucket.Comments;
        }

        public TimelineStep Show(long startMs, long ms) => new(startMs, _reactions, _comments, ViewerMs / ms, Peak);
    }

    /// <summary>Goes along one region's buckets, carrying the last viewer count through the gaps.</summary>
    private sealed class Walk(Step?[] steps, long fromMs, long toMs, long stepMs)
    {
        private readonly int[] _peaks = new int[steps.Length];

        public void Along(TimelineBucket[] buckets, long[] starts)
        {
            var (at, viewers) = (fromMs, 0);
            for (var i = 0; i < buckets.Length && starts[i] < toMs; i++)
            {
                var bucket = buckets[i];
                if (starts[i] >= fromMs)
                {
                    Spread(viewers, viewers, at, starts[i]);
                    at = Math.Min(toMs, starts[i] + bucket.LengthMs);
                    if (i + 1 < buckets.Length) at = Math.Min(at, starts[i + 1]);
                    Take(bucket, starts[i], at);
                }

                viewers = bucket.Viewers;
            }

            Spread(viewers, viewers, at, toMs);
            for (var i = 0; i < steps.Length; i++)
            {
                if (_peaks[i] > 0) At(i).Peak += _peaks[i];
            }
        }

        private void Take(TimelineBucket bucket, long start, long until)
        {
            At(StepOf(start)).Add(bucket);
            if (until > start) Spread(bucket.ViewerMs(bucket.StartMs + until - start) / (double)(until - start), bucket.Peak, start, until);
        }

        private void Spread(double viewers, int peak, long from, long to)
        {
            if (peak == 0) return;
            while (from < to)
            {
                var step = StepOf(from);
                var until = Math.Min(to, fromMs + ((step + 1) * stepMs));
                At(step).ViewerMs += viewers * (until - from);
                _peaks[step] = Math.Max(_peaks[step], peak);
                from = until;
            }
        }

        private Step At(int step) => steps[step] ??= new Step();

        private int StepOf(long atMs) => (int)((atMs - fromMs) / stepMs);
    }
}
