namespace Interactions.Frontend.Transports.Listener;

/// <summary>A connection whose first request has not been read yet. Called on its loop thread; never waits.</summary>
internal interface IArrival
{
    /// <summary>Bytes have come, or the peer's end: look, and decide if that is possible by now.</summary>
    /// <param name="scratch">To look into; shared with every other connection of the loop.</param>
    void Look(LiveConnection connection, byte[] scratch);

    /// <summary>The time for the request is over.</summary>
    void Late(LiveConnection connection);
}
