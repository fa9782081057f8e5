namespace Interactions.Contracts.Grains;

/// <summary>Why nothing more is pushed.</summary>
public enum FeedEndReason : byte
{
    /// <summary>The stream moves to another silo: subscribe again.</summary>
    Moved,

    /// <summary>It was deleted.</summary>
    Deleted,

    /// <summary>What is stored of it is not what was written.</summary>
    Damaged,

    /// <summary>It can't be folded.</summary>
    Broken,
}
