using FsCheck;
using FsCheck.Fluent;
using Interactions.Contracts;
using Interactions.Contracts.Effects;
using Interactions.Frontend.Feeds;
using Xunit;

namespace Interactions.Tests.Frontend.Feeds;

public class FeedOrderTests
{
    private static readonly string Life = Epochs.New(1_000);
    private static readonly string LaterLife = Epochs.New(2_000, Life);

    private readonly FeedOrder _order = new(10_000);
    private readonly List<FeedStep> _ready = [];

    [Fact]
    public void Nothing_is_given_on_before_something_is_known()
    {
        Assert.Equal(FeedVerdict.Held, Offer(5));
        Assert.Empty(_ready);
        Restart(4);
        Assert.Equal([5], Offsets());
    }

    [Fact]
    public void What_comes_twice_counts_once()
    {
        Restart(0);
        Assert.Equal(FeedVerdict.Taken, Offer(1));
        Assert.Equal(FeedVerdict.Passed, Offer(1));
        Assert.Equal(FeedVerdict.Held, Offer(3));
        Assert.Equal(FeedVerdict.Held, Offer(3));
        Assert.Equal(FeedVerdict.Taken, Offer(2));
        Assert.Equal([1, 2, 3], Offsets());
        Assert.False(_order.HasHole);
    }

    [Fact]
    public void Any_order_of_arrival_ends_in_the_order_of_offsets() =>
        Prop.ForAll(Gen.Shuffle(Enumerable.Range(1, 30)).ToArbitrary(), arrival =>
        {
            var (order, ready) = (new FeedOrder(1_000_000), new List<FeedStep>());
            order.Restart(new Position(Life, 0), ready);
            foreach (var offset in arrival.Concat(arrival.Take(5))) order.Offer(Step(offset), ready);
            return ready.Select(step => step.Entry.Position.Offset).SequenceEqual(Enumerable.Range(1, 30).Select(offset => (long)offset)) && !order.HasHole;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_earlier_life_is_passed_by()
    {
        _order.Restart(new Position(LaterLife, 3), _ready);
        Assert.Equal(FeedVerdict.Passed, Offer(4));
        Assert.True(_order.IsPassed(new Position(Life, 9)));
        Assert.False(_order.HasHole);
    }

    [Fact]
    public void A_later_life_is_held_until_it_is_known_where_it_began()
    {
        Restart(10);
        Assert.Equal(FeedVerdict.OtherLife, Offer(11, LaterLife));
        Assert.Empty(_ready);
        _order.Restart(new Position(LaterLife, 10), _ready);
        Assert.Equal([11], Offsets());
    }

    [Fact]
    public void A_life_that_cannot_be_ordered_is_let_go_of_when_the_stream_says_which_holds()
    {
        Restart(10);
        var other = Life[..9] + (Life.EndsWith("zzzz", StringComparison.Ordinal) ? "yyyy" : "zzzz");
        Assert.Equal(FeedVerdict.OtherLife, Offer(11, other));
        Restart(10);
        Assert.False(_order.HasHole);
    }

    [Fact]
    public void What_is_held_is_bounded()
    {
        Restart(0);
        var verdicts = Enumerable.Range(2, 1_000).Select(offset => Offer(offset)).ToArray();
        Assert.Contains(FeedVerdict.Overflow, verdicts);
        Assert.Equal(FeedVerdict.Taken, Offer(1));
    }

    private FeedVerdict Offer(long offset, string? epoch = null) => _order.Offer(Step(offset, epoch), _ready);

    private void Restart(long offset) => _order.Restart(new Position(Life, offset), _ready);

    private IEnumerable<long> Offsets() => _ready.Select(step => step.Entry.Position.Offset);

    private static FeedStep Step(long offset, string? epoch = null) => new(new EntryEffects(new Position(epoch ?? Life, offset), offset, 0, []), default);
}
