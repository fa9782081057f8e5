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

    /// <param name="leases">Say who takes no more: it is forgotten, and subscribes again when it finds that it lags.</param>
    /// <returns>How many were forgotten.</returns>
    public int Push(FeedPush push, FrontendLeases leases)
    {
        var (before, bytes) = (_all.Count, push.SizeBytes);
        for (var i = before - 1; i >= 0; i--)
        {
            var (frontend, observer) = _all[i];
            if (leases.TryPush(frontend, bytes, out var mark))
            {
                observer.Pushed(push);
                if (mark is not null) observer.Marked(mark);
            }
            else
            {
                _all.RemoveAt(i);
            }
        }

        return before - _all.Count;
    }

    /// <summary>Tells all, and forgets them.</summary>
    public void End(FeedEnd end)
    {
        foreach (var (_, observer) in _all) observer.Ended(end);
        _all.Clear();
    }
}
