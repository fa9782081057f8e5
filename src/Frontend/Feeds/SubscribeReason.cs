namespace Interactions.Frontend.Feeds;

/// <summary>Why a stream is asked to push, and for what is missing.</summary>
internal enum SubscribeReason
{
    /// <summary>Nothing is here yet.</summary>
    First,

    /// <summary>An entry did not come.</summary>
    Hole,

    /// <summary>The stream's silo says that it is further on.</summary>
    Behind,

    /// <summary>Pushes are of a life of which nothing is known here.</summary>
    OtherLife,

    /// <summary>Too much came early and was dropped.</summary>
    Overflow,

    /// <summary>The stream moves to another silo.</summary>
    Moved,

    /// <summary>Its silo does not answer, is gone, or may have forgotten this frontend.</summary>
    Lost,
}
