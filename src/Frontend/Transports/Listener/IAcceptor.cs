namespace Interactions.Frontend.Transports.Listener;

/// <summary>Accepts what waits at a listening socket. Called on a loop thread.</summary>
internal interface IAcceptor
{
    /// <returns>False when the system gives no more descriptors for now.</returns>
    bool Accept();
}
