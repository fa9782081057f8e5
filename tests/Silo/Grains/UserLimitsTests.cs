using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Interactions;
using Interactions.Silo.Grains;
using Xunit;

namespace Interactions.Tests.Silo.Grains;

public sealed class UserLimitsTests
{
    private readonly UserLimits _limits = new(new UserRate(50, 100));
    private long _nowMs = 1000;

    [Fact]
    public void Whoever_sends_through_one_frontend_was_limited_there()
    {
        for (var i = 0; i < 10; i++) Assert.Equal(100, Taken("f-1", 100)); // what waited while a silo was away
    }

    [Fact]
    public void Whoever_sends_through_several_frontends_has_the_burst_and_the_rate_of_one()
    {
        Assert.Equal(100, Taken("f-1", 100));
        Assert.Equal(0, Taken("f-2", 100) + Taken("f-3", 100));

        var taken = 0;
        for (var i = 0; i < 100; i++)
        {
            _nowMs += 100;
            taken += Taken("f-1", 5) + Taken("f-2", 5) + Taken("f-3", 5);
        }

        Assert.Equal(500, taken);
    }

    [Fact]
    public void Whoever_moves_to_another_frontend_goes_on_with_what_is_left()
    {
        Assert.Equal(60, Taken("f-1", 60));
        Assert.Equal(40, Taken("f-2", 50));
        _nowMs += 2000;
        Assert.Equal(100, Taken("f-2", 100));
        Assert.Equal(100, Taken("f-2", 100)); // it is the only one again
    }

    [Fact]
    public void A_refusal_says_when_the_same_is_taken()
    {
        Taken("f-1", 100);
        var refused = Assert.IsType<Rejected>(Assert.Single(_limits.Limit(BatchOf("f-2", 1), _nowMs).Items));
        Assert.Equal(new Rejected(Code.RateLimited, 20), refused);
        _nowMs += refused.RetryAfterMs;
        Assert.Equal(1, Taken("f-2", 2));
    }

    [Fact]
    public void Users_do_not_share_and_what_has_no_user_is_not_counted()
    {
        Taken("f-1", 100);
        Assert.Equal(100, Taken("f-2", 100, "eve"));
        var batch = new Batch("f-2", 1, 0, [new Taps("like", 1000), new ViewersCounted(5)]);
        Assert.Same(batch, _limits.Limit(batch, _nowMs));
    }

    [Fact]
    public void Users_who_are_quiet_are_forgotten()
    {
        for (var i = 0; i < 1000; i++) Taken("f-1", 10, $"u{i}");
        Assert.Equal(1000, _limits.Count);
        _nowMs += 10_000;
        Taken("f-1", 1);
        Assert.Equal(1, _limits.Count);
    }

    private static Batch BatchOf(string frontend, int items, string user = "bob") =>
        new(frontend, 1, 0, [.. Enumerable.Range(0, items).Select(i => new Submitted(user, user, false, 0, new Reaction("like", 1)))]);

    private int Taken(string frontend, int items, string user = "bob") => _limits.Limit(BatchOf(frontend, items, user), _nowMs).Items.Count(item => item is Submitted);
}
