namespace Interactions.Silo.Nodes;

/// <summary>Why nothing more comes from an open stream.</summary>
public enum StreamEnd
{
    /// <summary>It was deleted, or this node gave it up.</summary>
    Gone,

    /// <summary>What is stored of it is not what was written.</summary>
    Damaged,

    /// <summary>It can't be folded.</summary>
    Broken,
}
