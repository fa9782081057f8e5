using System.Threading.Channels;
using Interactions.Frontend.Fanout;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>Hands frames to SignalR's stream as it asks for them: one waits at most, then the viewer counts as stalled.</summary>
internal sealed class PullSink : ISink
{
    private readonly Channel<ReadOnlyMemory<byte>> _slot = Channel.CreateBounded<ReadOnlyMemory<byte>>(
        new BoundedChannelOptions(1) { SingleReader = true, AllowSynchronousContinuations = false });

    public WireFormat Format => WireFormat.Tagged;

    public Transport Transport => Transport.SignalR;

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken) => _slot.Reader.ReadAllAsync(cancellationToken);

    public ValueTask SendAsync(ReadOnlyMemory<byte> message) => _slot.Writer.WriteAsync(message);

    public void Abort(CloseReason reason) => Complete();

    public void Complete() => _slot.Writer.TryComplete();
}
