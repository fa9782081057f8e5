using Interactions.Frontend.Fanout;
using Microsoft.AspNetCore.SignalR;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// Writes frames to a hub connection as items of the answer to one call. All that is written to the connection takes turns there,
/// so while it stalls, every stream that is watched on it does.
/// </summary>
internal sealed class HubSink(HubConnectionContext connection, InvocationId call, StreamItems items) : ISink
{
    public WireFormat Format => WireFormat.Tagged;

    public Transport Transport => Transport.SignalR;

    public ValueTask SendAsync(ReadOnlyMemory<byte> message) => connection.WriteAsync(items.Of(call, message));

    /// <summary>Ends the whole connection: all that is written to it waits behind what stalls.</summary>
    public void Abort(CloseReason reason) => connection.Abort();
}
