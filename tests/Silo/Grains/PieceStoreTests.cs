using Interactions.Contracts;
using Interactions.Contracts.Views;
using Interactions.Silo.Grains;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Interactions.Tests.Silo.Grains;

public sealed class PieceStoreTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PieceStore _store;
    private readonly FeedContent[] _pieces = [.. Enumerable.Range(0, 3).Select(i => new FeedContent(null, new Position("k3f", i), []))];

    public PieceStoreTests() => _store = new PieceStore(_time);

    [Fact]
    public void Pieces_are_kept_until_10_s_after_the_last_was_asked_for()
    {
        var token = _store.Add("f-1", _pieces);
        for (var piece = 0; piece < 3; piece++)
        {
            Assert.Same(_pieces[piece], _store.Find("f-1", token, piece));
            _time.Advance(TimeSpan.FromSeconds(9));
        }

        Assert.Equal(1, _store.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_store.Find("f-1", token, 0));
        Assert.Equal(0, _store.Count);
    }

    [Fact]
    public void Only_the_frontends_last_subscription_is_given_its_pieces()
    {
        var first = _store.Add("f-1", _pieces);
        var second = _store.Add("f-1", _pieces);

        Assert.Null(_store.Find("f-1", first, 1));
        Assert.Null(_store.Find("f-2", second, 1));
        Assert.Same(_pieces[1], _store.Find("f-1", second, 1));
        Assert.Equal(1, _store.Count);
    }
}
