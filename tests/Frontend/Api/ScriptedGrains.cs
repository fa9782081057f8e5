using Interactions.Contracts.Grains;
using Interactions.Frontend.Feeds;

namespace Interactions.Tests.Frontend.Api;

/// <summary>Grains that a test puts in.</summary>
internal sealed class ScriptedGrains : IGrains
{
    public Func<string, IStreamGrain> OnStream { get; init; } = _ => throw new NotSupportedException();

    public Func<int, IDirectoryGrain> OnDirectory { get; init; } = _ => throw new NotSupportedException();

    public event Action? SilosChanged
    {
        add { }
        remove { }
    }

    public IClusterGrain Cluster => throw new NotSupportedException();

    public IStreamGrain Stream(string id) => OnStream(id);

    public ISiloGrain Silo(string address) => throw new NotSupportedException();

    public IDirectoryGrain Directory(int partition) => OnDirectory(partition);

    public IFeedObserver Reference(IFeedObserver observer) => observer;
}
