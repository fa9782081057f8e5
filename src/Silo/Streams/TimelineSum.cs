using Interactions.Contracts.Frames;

namespace Interactions.Silo.Streams;

/// <summary>Adds up the regions' timelines in steps of equal length.</summary>
internal static class TimelineSum
{
    public static Timeline Of(IEnumerable<TimelineStore> regions, long startedAtMs, long untilMs, int stepSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stepSeconds);
        var timelines = regions.Select(region => region.Buckets.ToArray()).ToArray();
        var first = startedAtMs > 0 ? startedAtMs : timelines.SelectMany(buckets => buckets).Select(bucket => bucket.StartMs).DefaultIfEmpty(-1).Min();
        if (first < 0 || first > untilMs) return new Timeline(stepSeconds, []);

        var startMs = TimelineStore.Second(first);
        var sum = new Step[((untilMs - startMs) / (stepSeconds * 1000L)) + 1];
        for (var i = 0; i < sum.Length; i++) sum[i] = new Step();
        foreach (var buckets in timelines) new Walk(sum, startMs, untilMs, stepSeconds * 1000L).Along(buckets);
        return new Timeline(stepSeconds, [.. sum.Select((step, i) => step.Show(startMs + (i * stepSeconds * 1000L), untilMs, stepSeconds * 1000L))]);
    }

    private sealed class Step
    {
        public List<KindCount> Reactions { get; } = [];

        public long Comments { get; set; }

        public double ViewerMs { get; set; }

        public int Peak { get; set; }

        public TimelineStep Show(long startMs, long untilMs, long stepMs)
        {
            // The last entry may stand exactly at the beginning of the last step: no time to weigh by yet.
            var ms = Math.Min(stepMs, untilMs - startMs);
            return new TimelineStep(startMs, Reactions, Comments, ms > 0 ? ViewerMs / ms : Peak, Peak);
        }
    }

    /// <summary>Goes along one region's buckets, carrying the last viewer count through the gaps.</summary>
    private sealed class Walk(Step[] sum, long startMs, long untilMs, long stepMs)
    {
        private readonly int[] _peaks = new int[sum.Length];

        public void Along(TimelineBucket[] buckets)
        {
            var (at, viewers) = (startMs, 0);
            foreach (var bucket in buckets)
            {
                if (bucket.EndMs > startMs)
                {
                    Spread(viewers, viewers, at, bucket.StartMs);
                    Take(bucket);
                    at = bucket.EndMs;
                }

                viewers = bucket.Viewers;
            }

            Spread(viewers, viewers, at, untilMs);
            if (at <= untilMs) Peak(untilMs, viewers);
            for (var i = 0; i < sum.Length; i++) sum[i].Peak += _peaks[i];
        }

        private void Take(TimelineBucket bucket)
        {
            var step = sum[StepOf(bucket.StartMs)];
            foreach (var (kind, count) in bucket.Reactions) TimelineBucket.Add(step.Reactions, kind, count);
            step.Comments += bucket.Comments;
            var until = Math.Min(bucket.EndMs, untilMs);
            Peak(bucket.StartMs, bucket.Peak);
            if (until > bucket.StartMs) Spread(bucket.ViewerMs(until) / (double)(until - bucket.StartMs), bucket.Peak, bucket.StartMs, until);
        }

        private void Spread(double viewers, int peak, long fromMs, long toMs)
        {
            for (var from = Math.Max(fromMs, startMs); from < toMs;)
            {
                var step = StepOf(from);
                var to = Math.Min(toMs, startMs + ((step + 1) * stepMs));
                sum[step].ViewerMs += viewers * (to - from);
                Peak(from, peak);
                from = to;
            }
        }

        private void Peak(long atMs, int viewers) => _peaks[StepOf(atMs)] = Math.Max(_peaks[StepOf(atMs)], viewers);

        private int StepOf(long atMs) => (int)Math.Clamp((atMs - startMs) / stepMs, 0, sum.Length - 1);
    }
}
