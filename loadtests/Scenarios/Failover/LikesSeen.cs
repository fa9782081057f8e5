using Interactions.LoadTests.Clients;

namespace Interactions.LoadTests.Scenarios.Failover;

/// <summary>When a viewer was first shown a total of 1, 2, 3 … likes.</summary>
internal sealed class LikesSeen : IFrameObserver
{
    private readonly List<long> _at = [];

    /// <summary>Timestamps; the n-th like is at n − 1. To be read when the viewer has stopped.</summary>
    public IReadOnlyList<long> At => _at;

    public void OnFrame(SeenFrame frame, long timestamp)
    {
        foreach (var (_, count) in frame.Totals)
        {
            while (_at.Count < count) _at.Add(timestamp);
        }
    }
}
