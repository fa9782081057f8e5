using Interactions.Frontend.Fanout;
using Microsoft.AspNetCore.SignalR;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// Writes frames to a hub connection as items of the answer to one call. All that is written to the connection takes turns there,
/// so while it stalls, every stream that is watched on it does.
/// </summary>
internal sealed class HubSink(HubConnectionContext connection, InvocationId call, StreamItems items, Action abort) : ISink
{
    public WireFormat Format => WireFormat.Tagged;

    public Transport Transport => Transport.SignalR;

    public ValueTask SendAsync(ReadOnlyMemory<byte> message) => connection.WriteAsync(items.Of(call, message));

    public void Abort(CloseReason reason)
    {
        // SignalR's own end of a connection waits for what is being written, which is what does not end.
        connection.Abort();
        abort();
    }
}
