using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Interactions.Frontend.Transports.Listener;

/// <summary>
/// How a connection that Kestrel serves ends from the client's side. To Kestrel a client that sends no more (FIN) has left: it throws away
/// the answer to what the client had asked. TCP lets one side end and read on, and <c>nc -N</c> does, so Kestrel is told of the end only when
/// nothing can be sent any more. What has no end of its own ends by <see cref="Of"/>. Also a feature of the connection.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Neither source has a timer or a wait handle; registrations may outlive the connection.")]
internal sealed class PeerEnd
{
    private readonly CancellationTokenSource _sendsNoMore = new();
    private readonly CancellationTokenSource _isGone = new();
    private readonly Socket _socket;
    private readonly LiveLoop _loop;

    private PeerEnd(Socket socket, LiveLoop loop) => (_socket, _loop) = (socket, loop);

    /// <summary>Takes the end of a connection into its hands, before Kestrel has the connection.</summary>
    /// <param name="loop">Looks now and then whether a client that sends no more is still there.</param>
    public static void Watch(ConnectionContext connection, Socket socket, LiveLoop loop)
    {
        var end = new PeerEnd(socket, loop);
        var received = connection.ConnectionClosed; // nothing more is received: the client's end, an error, or ours
        connection.ConnectionClosed = end._isGone.Token;
        connection.Transport = new Ends(new LateEnd(connection.Transport.Input), connection.Transport.Output);
        connection.Features.Set(end);
        received.UnsafeRegister(static end => ((PeerEnd)end!).ReceivedAll(), end);
    }

    /// <summary>Cancelled when the client of this request sends no more; never where that can't be known.</summary>
    public static CancellationToken Of(HttpContext http) => http.Features.Get<PeerEnd>()?._sendsNoMore.Token ?? CancellationToken.None;

    /// <summary>Called by the loop until it answers false.</summary>
    internal bool StillReads()
    {
        if (ViewerSockets.IsHalfClosed(_socket)) return true;

        // Whoever is told must not hold up the loop.
        ThreadPool.UnsafeQueueUserWorkItem(static gone => gone.Cancel(), _isGone, preferLocal: false);
        return false;
    }

    private void ReceivedAll()
    {
        if (StillReads()) _loop.Watch(this);
        _sendsNoMore.Cancel();
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
