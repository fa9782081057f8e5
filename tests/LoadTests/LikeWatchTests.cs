using Interactions.Contracts.Frames;
using Interactions.LoadTests.Clients;
using Interactions.LoadTests.Running;
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

    [Fact]
    public void A_command_line_with_an_unknown_doubled_or_valueless_option_is_refused()
    {
        Option[] options = [new("speed", "1", ""), new("csv", null, "")];

        Assert.Equal(200, Arguments.Parse(["--speed", "200"], options).Positive("speed"));
        Assert.Equal("x", Arguments.Parse(["--csv=x"], options).Text("csv"));
        foreach (var wrong in new string[][] { ["--sped", "2"], ["--speed"], ["--speed", "1", "--speed", "2"], ["speed", "1"] })
        {
            Assert.Throws<UsageException>(() => Arguments.Parse(wrong, options));
        }

        Assert.Throws<UsageException>(() => Arguments.Parse([], options).Text("csv"));
        Assert.Throws<UsageException>(() => Arguments.Parse(["--speed", "-1"], options).Positive("speed"));
    }

    private static SeenFrame Total(long count)
    {
        var frame = new SeenFrame { Kind = MessageKind.Frame };
        frame.Totals.Add(new KindCount("like", count));
        return frame;
    }
}
