namespace Interactions.Frontend.Feeds;

/// <summary>Whether this process has taken its part in its cluster.</summary>
internal interface IClusterState
{
    /// <summary>A silo may have gone. Called on any thread.</summary>
    event Action? SilosChanged;

    /// <summary>False: no grain can be called yet.</summary>
    bool IsOpen { get; }
}
