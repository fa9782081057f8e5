namespace Interactions.Frontend.Feeds;

/// <summary>What became of an entry that was pushed.</summary>
internal enum FeedVerdict
{
    /// <summary>It came next, and is taken with what was held behind it.</summary>
    Taken,

    /// <summary>It was there already, or is of an earlier life.</summary>
    Passed,

    /// <summary>One before it is missing.</summary>
    Held,

    /// <summary>It is of another life, and where that began is not known here: to be asked for.</summary>
    OtherLife,

    /// <summary>Too much is held: everything was dropped, and is to be asked for.</summary>
    Overflow,
}
