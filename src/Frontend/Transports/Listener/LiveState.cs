namespace Interactions.Frontend.Transports.Listener;

/// <summary>How far a connection has come.</summary>
internal enum LiveState : byte
{
    /// <summary>Its first request is being looked at.</summary>
    Arriving,

    /// <summary>It is being decided whether it is let in; what comes waits in the socket.</summary>
    Admitting,

    /// <summary>A handler has it.</summary>
    Served,

    /// <summary>This side has ended; the peer's end is waited for.</summary>
    Lingering,

    /// <summary>The descriptor is closed, or was given away.</summary>
    Gone,
}
