namespace Interactions.LoadTests.Clients;

/// <summary>Looks at each frame of one viewer, besides its ledger.</summary>
internal interface IFrameObserver
{
    /// <param name="frame">Valid only during the call.</param>
    /// <param name="timestamp">When it was received, of the run's <see cref="TimeProvider"/>.</param>
    void OnFrame(SeenFrame frame, long timestamp);
}
