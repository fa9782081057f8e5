using Interactions.Contracts.Frames;
using Interactions.LoadTests.Clients;
using Interactions.LoadTests.Scenarios;
using Xunit;

namespace Interactions.Tests.LoadTests;

public sealed class LikeWatchTests
{
    [Fact]
    public void The_nth_like_is_seen_when_the_total_reaches_n()
    {
        var time = TimeProvider.System;
        var ms = time.TimestampFrequency / 1000;
        SentItem[] likes = [.. Enumerable.Range(1, 4).Select(i => new SentItem(default, false, "like", 1) { SentAt = 10 * i * ms })];
        var watch = new LikeWatch(likes, "like", before: 100, unmeasured: 1, time);

        watch.OnFrame(Total(102), 25 * ms);
        watch.OnFrame(Total(102), 30 * ms);
        watch.OnFrame(Total(104), 45 * ms);

        Assert.Equal(4, watch.Seen);
        Assert.Equal(3, watch.SentToSeen.Count);
        Assert.InRange(watch.SentToSeen.PercentileMicroseconds(1), 5_000, 5_080);
        Assert.InRange(watch.SentToSeen.MaxMicroseconds, 15_000, 15_000);
    }

    private static SeenFrame Total(long count)
    {
        var frame = new SeenFrame { Kind = MessageKind.Frame };
        frame.Totals.Add(new KindCount("like", count));
        return frame;
    }
}
