namespace Interactions.Silo.Nodes;

/// <summary>How a change of a stream ended.</summary>
public enum ChangeOutcome
{
    /// <summary>The stream is as it was asked for, now or before.</summary>
    Done,

    /// <summary>There is no such stream, or not the one that was meant any more.</summary>
    NotThere,

    /// <summary>Someone else created a stream of the id first.</summary>
    Exists,

    /// <summary>The user owns as many streams as one may.</summary>
    TooMany,

    /// <summary>The stream would have had more kinds of reactions in its life than one may.</summary>
    TooManyKinds,

    /// <summary>The stream has ended, and status only goes forward.</summary>
    Ended,
}
