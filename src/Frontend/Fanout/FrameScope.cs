namespace Interactions.Frontend.Fanout;

/// <summary>Which frames a cursor gets. Only its room's tick looks at it and changes it, but for the entrance and for signing in.</summary>
internal enum FrameScope : byte
{
    /// <summary>Everyone's.</summary>
    Shared,

    /// <summary>None yet: it has just come in.</summary>
    New,

    /// <summary>None yet: what it has seen so far it saw as nobody, and is now someone.</summary>
    SignedIn,

    /// <summary>Its own: what the viewer sees differs from what others see.</summary>
    Personal,
}
