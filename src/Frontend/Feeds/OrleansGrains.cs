using Interactions.Contracts.Grains;

namespace Interactions.Frontend.Feeds;

/// <summary>The grains of the Orleans cluster that this process belongs to or is a client of.</summary>
internal sealed class OrleansGrains(IGrainFactory factory) : IGrains
{
    public IClusterGrain Cluster { get; } = factory.GetGrain<IClusterGrain>(0);

    public IStreamGrain Stream(string id) => factory.GetGrain<IStreamGrain>(id);

    public ISiloGrain Silo(string address) => factory.GetGrain<ISiloGrain>(address);

    public IDirectoryGrain Directory(int partition) => factory.GetGrain<IDirectoryGrain>(partition);

    public IFeedObserver Reference(IFeedObserver observer) => factory.CreateObjectReference<IFeedObserver>(observer);
}
