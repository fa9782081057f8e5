using Interactions.LoadTests.Measuring;

namespace Interactions.LoadTests.Running;

/// <summary>
/// Open-loop load: things happen when the plan says, whatever was or was not answered. A slow service does not slow it;
/// what is late because of this tool itself is measured, so that it is not taken for the service's doing.
/// </summary>
internal sealed class Schedule(TimeProvider time)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <summary>What is planned before this is warm-up, of which no lateness is kept.</summary>
    public TimeSpan MeasuredFrom { get; init; }

    /// <summary>How long after its planned time each thing happened.</summary>
    public Histogram Lateness { get; } = new();

    /// <param name="items">In order of time.</param>
    /// <param name="at">The planned time since now.</param>
    /// <param name="act">Must not block.</param>
    public async Task PlayAsync<T>(IEnumerable<T> items, Func<T, TimeSpan> at, Action<T> act, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        foreach (var item in items)
        {
            var due = at(item);
            while (due - time.GetElapsedTime(start) is var early && early > TimeSpan.Zero)
            {
                await Task.Delay(early > Tick ? early : Tick, time, cancellationToken);
            }

            if (due >= MeasuredFrom) Lateness.Record(time.GetElapsedTime(start) - due);
            act(item);
        }
    }
}
