using System.Net.Sockets;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Wire;
using Microsoft.AspNetCore.SignalR;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// Writes frames to a hub connection as items of the answer to one call. All that is written to the connection takes turns there,
/// so while it stalls, every stream that is watched on it does.
/// </summary>
/// <param name="socket">What they leave by; null: not known.</param>
internal sealed class HubSink(HubConnectionContext connection, InvocationId call, StreamItems items, Socket? socket) : ISink
{
    public WireFormat Format => WireFormat.Tagged;

    public Transport Transport => Transport.SignalR;

    public int Backlog => ViewerSockets.Backlog(socket);

    public long Arrived => ViewerSockets.Arrived(socket);

    public ValueTask SendAsync(ReadOnlyMemory<byte> message)
    {
        // The rooms of two streams may send at the same time. The one that came second would wait for its turn as if the connection stalled.
        lock (connection) return connection.WriteAsync(items.Of(call, message));
    }

    /// <summary>Ends the whole connection: all that is written to it waits behind what stalls.</summary>
    public void Abort(CloseReason reason) => connection.Abort();
}
