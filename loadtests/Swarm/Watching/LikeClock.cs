using System.Diagnostics;

namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>
/// When each like of an open-loop run was to be sent. Like k (from 0) goes at start + k / rate to stream k mod streams,
/// so a viewer in any process knows when the n-th like of its stream was due: it is seen when the total reaches n.
/// </summary>
/// <param name="StartTicks">Of <see cref="Stopwatch"/>; 0 = nothing is measured.</param>
/// <param name="PerSecond">Over all streams.</param>
/// <param name="Unmeasured">How many come first, over all streams, to warm up.</param>
/// <param name="Before">The total of each stream before the first.</param>
internal readonly record struct LikeClock(long StartTicks, double PerSecond, int Streams, long Unmeasured, long Before)
{
    public bool Runs => StartTicks != 0 && PerSecond > 0;

    /// <summary>When like <paramref name="n"/> (from 0) of all is due.</summary>
    public long DueTicks(long n) => StartTicks + (long)(n / PerSecond * Stopwatch.Frequency);

    /// <summary>Records how long ago each like was due that took a stream's total from one count to another.</summary>
    public void Record(int stream, long from, long to, long nowTicks, Measuring.Histogram latency)
    {
        if (!Runs) return;
        for (var n = Math.Max(from - Before, 0); n < to - Before; n++)
        {
            var like = stream + (n * Streams);
            if (like >= Unmeasured) latency.Record((nowTicks - DueTicks(like)) / (Stopwatch.Frequency / 1_000_000));
        }
    }
}
