namespace Interactions.Silo.Streams;

/// <summary>What became of a batch as a whole.</summary>
public enum BatchOutcome
{
    /// <summary>Its items were decided.</summary>
    Taken,

    /// <summary>It was taken before, and is answered as it was then.</summary>
    Repeated,

    /// <summary>The frontend has sent a later one since: nothing was decided, and its answer is not known any more.</summary>
    Outdated,

    /// <summary>As many frontends are remembered as may be, and this is another: nothing was decided. It may be sent again later.</summary>
    TooManyFrontends,
}
