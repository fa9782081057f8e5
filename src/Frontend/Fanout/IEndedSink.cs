using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Fanout;

/// <summary>
/// A sink that hears of its cursor's end by a call, where awaiting <see cref="Cursor.Ended"/> would cost a task for as
/// long as the connection lasts.
/// </summary>
internal interface IEndedSink : ISink
{
    /// <summary>
    /// Called once, on any thread, when nothing more will be sent: with the server's reason, or null when the connection
    /// broke or the client left. A send that stalled may still be under way (<see cref="Cursor.Settled"/>). Must not throw.
    /// </summary>
    void Ended(CloseReason? reason);
}
