using Interactions.Contracts.Grains;

namespace Interactions.Frontend.Feeds;

/// <summary>
/// The grains that a frontend talks to. Getting one costs nothing. Getting as calling it throws
/// <see cref="Contracts.Log.LogUnavailableException"/> as long as no silo is known.
/// </summary>
internal interface IGrains
{
    /// <inheritdoc cref="IClusterState.SilosChanged"/>
    event Action? SilosChanged;

    /// <summary>Any silo.</summary>
    IClusterGrain Cluster { get; }

    IStreamGrain Stream(string id);

    /// <param name="address">As the cluster names it.</param>
    ISiloGrain Silo(string address);

    /// <param name="partition">See <see cref="Contracts.Directory.DirectoryPartitions"/>.</param>
    IDirectoryGrain Directory(int partition);

    /// <summary>What grains are given so that they can call this object, which the caller keeps alive.</summary>
    IFeedObserver Reference(IFeedObserver observer);
}
