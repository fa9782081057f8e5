namespace Interactions.Frontend.Transports.Listener;

/// <summary>
/// What a live connection is for. <see cref="OnReadable"/> and <see cref="OnEnded"/> are called on the connection's loop
/// thread, one call at a time: return quickly, never wait, never throw; hand anything longer to the thread pool.
/// </summary>
internal interface ILiveHandler
{
    /// <summary>
    /// Bytes may have come: <see cref="LiveConnection.Receive"/> until it answers less than 1, or what is left is not told
    /// of again. Called at least once after <see cref="LiveConnection.Attach"/> when bytes are there already.
    /// </summary>
    void OnReadable(LiveConnection connection);

    /// <summary>The peer sends no more; what it sent before may still be there to be received. May be called more than once.</summary>
    void OnEnded(LiveConnection connection) => connection.Close();

    /// <summary>The connection is over, whoever ended it. Called exactly once, on the thread pool.</summary>
    void OnClosed(LiveConnection connection);
}
