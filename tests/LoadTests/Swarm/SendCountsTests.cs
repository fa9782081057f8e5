using Interactions.LoadTests.Swarm.Sending;
using Xunit;

namespace Interactions.Tests.LoadTests.Swarm;

public sealed class SendCountsTests
{
    [Fact]
    public void What_was_due_in_the_warm_up_is_counted_but_its_latency_is_not_kept()
    {
        var counts = new SendCounts(1) { MeasuredFromTicks = 100 };

        counts.Accepted(new Unanswered(99, 0, false), [], 5);
        counts.Accepted(new Unanswered(100, 0, false), [], 7);

        Assert.Equal(2, counts.LikesAccepted);
        Assert.Equal((1, 7), (counts.LikeAcknowledged.Count, counts.LikeAcknowledged.MaxMicroseconds));
    }
}
