using Interactions.LoadTests.Clients;
using Interactions.LoadTests.Measuring;

namespace Interactions.LoadTests.Scenarios;

/// <summary>
/// When one viewer saw each like. Likes carry no id on their way, but they are counted: the n-th that was sent is
/// seen when the total reaches n. Where two senders' likes overtake each other their times are swapped, which
/// leaves the sum of all latencies as it is.
/// </summary>
/// <param name="likes">In the order of sending.</param>
/// <param name="before">The total before the first.</param>
/// <param name="unmeasured">How many come first to warm up.</param>
internal sealed class LikeWatch(SentItem[] likes, string kind, long before, int unmeasured, TimeProvider time) : IFrameObserver
{
    private int _seen;

    public Histogram SentToSeen { get; } = new();

    public int Seen => Volatile.Read(ref _seen);

    public void OnFrame(SeenFrame frame, long timestamp)
    {
        foreach (var (name, total) in frame.Totals)
        {
            if (name != kind) continue;
            var reached = (int)Math.Clamp(total - before, 0, likes.Length);
            for (var i = _seen; i < reached; i++)
            {
                if (i >= unmeasured && likes[i].SentAt is var sentAt and not 0) SentToSeen.Record(time.GetElapsedTime(sentAt, timestamp));
            }

            if (reached > _seen) Volatile.Write(ref _seen, reached);
        }
    }
}
