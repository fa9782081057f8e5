namespace Interactions.LoadTests.Swarm.Watching;

/// <summary>How a viewer reads.</summary>
internal enum ViewerPace : byte
{
    /// <summary>At once.</summary>
    Healthy,

    /// <summary>Never again after the first frame.</summary>
    Stalled,

    /// <summary>So many bytes a second.</summary>
    Dripping,
}
