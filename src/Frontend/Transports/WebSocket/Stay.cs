using Interactions.Frontend.Admission;
using Interactions.Frontend.Fanout;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>What a viewer holds while it is connected.</summary>
/// <param name="Permit">Null when connections are not counted.</param>
internal readonly record struct Stay(Cursor Cursor, Room Room, ConnectionPermit? Permit);
