namespace Interactions.Frontend.Wire;

/// <summary>Why the server ends a connection.</summary>
internal enum CloseReason
{
    GoingAway,
    TokenExpired,

    /// <summary>One that was to replace the viewer's token.</summary>
    TokenRefused,
    NotFound,

    /// <summary>What is stored of the stream is not what was written.</summary>
    Damaged,
    NoProgress,

    /// <summary>The stream can't be served: something is broken in the service.</summary>
    Internal,
}
