using Interactions.Contracts.Grains;

namespace Interactions.Silo.Grains;

/// <summary>The frontends that a stream pushes to: few, mostly one or two. Not for concurrent callers.</summary>
internal sealed class Subscribers
{
    private readonly List<(string Frontend, IFeedObserver Observer)> _all = new(1);

    public int Count => _all.Count;

    public void Set(string frontend, IFeedObserver observer)
    {
        Remove(frontend);
        _all.Add((frontend, observer));
    }

    public bool Remove(string frontend) => _all.RemoveAll(one => one.Frontend == frontend) > 0;

    /// <param name="isHeard">Whether a frontend was heard of lately: one that was not is not pushed to any more, and subscribes again.</param>
    public void Push(FeedPush push, Func<string, bool> isHeard)
    {
        for (var i = _all.Count - 1; i >= 0; i--)
        {
            if (isHeard(_all[i].Frontend)) _all[i].Observer.Pushed(push);
            else _all.RemoveAt(i);
        }
    }

    /// <summary>Tells all, and forgets them.</summary>
    public void End(FeedEnd end)
    {
        foreach (var (_, observer) in _all) observer.Ended(end);
        _all.Clear();
    }
}
