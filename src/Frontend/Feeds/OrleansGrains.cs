using Interactions.Contracts.Grains;
using Interactions.Contracts.Log;

namespace Interactions.Frontend.Feeds;

/// <summary>The grains of the Orleans cluster that this process belongs to or is a client of.</summary>
internal sealed class OrleansGrains(IGrainFactory factory, IClusterState cluster, PatientReads reads) : IGrains
{
    public event Action? SilosChanged
    {
        add => cluster.SilosChanged += value;
        remove => cluster.SilosChanged -= value;
    }

    public IClusterGrain Cluster => Find(static factory => factory.GetGrain<IClusterGrain>(0));

    public IStreamGrain Stream(string id) => new PatientStream(Find(factory => factory.GetGrain<IStreamGrain>(id)), reads);

    public ISiloGrain Silo(string address) => Find(factory => factory.GetGrain<ISiloGrain>(address));

    public IDirectoryGrain Directory(int partition) => Find(factory => factory.GetGrain<IDirectoryGrain>(partition));

    public IFeedObserver Reference(IFeedObserver observer) => Find(factory => factory.CreateObjectReference<IFeedObserver>(observer));

    // A client knows which grains there are when a silo has told it.
    private T Find<T>(Func<IGrainFactory, T> find)
    {
        if (!cluster.IsOpen) throw new LogUnavailableException("This process has not joined its cluster yet.");
        try
        {
            return find(factory);
        }
        catch (ArgumentException unknown)
        {
            throw new LogUnavailableException("No silo of the cluster has answered yet.", unknown);
        }
    }
}
