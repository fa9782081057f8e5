namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>Where a viewer is on its way to frames.</summary>
internal enum ViewerState : byte
{
    Closed,
    Connecting,
    Opening,
    Open,

    /// <summary>Given up: the service refused for good.</summary>
    Refused,
}
