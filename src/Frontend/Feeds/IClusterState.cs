namespace Interactions.Frontend.Feeds;

/// <summary>Whether this process has taken its part in its cluster.</summary>
internal interface IClusterState
{
    /// <summary>False: no grain can be called yet.</summary>
    bool IsOpen { get; }
}
