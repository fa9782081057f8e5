namespace Interactions.Silo.Nodes;

/// <summary>Told when an open stream's fold moved. Called on the stream's tail; must return quickly.</summary>
public interface IStreamObserver
{
    void Moved();

    /// <summary>Nothing follows.</summary>
    void Closed(StreamEnd end);
}
