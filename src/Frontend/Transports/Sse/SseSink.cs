using System.IO.Pipelines;
using System.Net.Sockets;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Transports.Sse;

/// <summary>Event-stream bytes through Kestrel's response pipe.</summary>
/// <param name="socket">What they leave by; null: not known.</param>
internal sealed class SseSink(PipeWriter body, Socket? socket, Action abort) : ISink
{
    public WireFormat Format => WireFormat.Sse;

    public int Backlog => ViewerSockets.Backlog(socket);

    public long Arrived => ViewerSockets.Arrived(socket);

    public ValueTask SendAsync(ReadOnlyMemory<byte> message)
    {
        var writing = body.WriteAsync(message);
        if (!writing.IsCompletedSuccessfully) return FinishAsync(writing);
        if (writing.Result.IsCompleted) throw new IOException("The viewer left.");
        return ValueTask.CompletedTask;
    }

    public void Abort(CloseReason reason) => abort();

    private static async ValueTask FinishAsync(ValueTask<FlushResult> writing)
    {
        if ((await writing).IsCompleted) throw new IOException("The viewer left.");
    }
}
