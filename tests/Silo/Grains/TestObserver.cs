using Interactions.Contracts.Grains;

namespace Interactions.Tests.Silo.Grains;

/// <summary>A frontend that keeps what it was pushed.</summary>
internal sealed class TestObserver : IFeedObserver
{
    private readonly Lock _gate = new();
    private readonly List<FeedPush> _pushes = [];

    public IReadOnlyList<FeedPush> Pushes
    {
        get
        {
            lock (_gate) return [.. _pushes];
        }
    }

    public FeedEnd? End { get; private set; }

    public void Pushed(FeedPush push)
    {
        lock (_gate) _pushes.Add(push);
    }

    public PushMark? Mark { get; private set; }

    public void Marked(PushMark mark) => Mark = mark;

    public void Ended(FeedEnd end) => End = end;
}
