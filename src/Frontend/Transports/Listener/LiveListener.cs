using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Interactions.Frontend.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Interactions.Frontend.Transports.Listener;

/// <summary>
/// One listening socket. Connections that open with a live request are served straight on their socket; all others are
/// handed to Kestrel with every byte still in the socket.
/// </summary>
internal sealed class LiveListener : IConnectionListener, IAcceptor
{
    private const int AcceptsPerTurn = 256;

    private static readonly TimeSpan LastWordsWithin = TimeSpan.FromSeconds(5);

    private readonly Channel<ConnectionContext> _handedOver = Channel.CreateUnbounded<ConnectionContext>();
    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly LiveLoops _loops;
    private readonly LiveLoop _loop;
    private readonly DirectUpgrade _upgrade;
    private readonly ProxyOptions _proxies;
    private readonly SocketConnectionContextFactory _contexts;
    private readonly byte[] _address = new byte[28];
    private readonly OpenFiles _files;
    private int _unbound;

    /// <param name="socket">Bound; listened on and owned from here.</param>
    /// <param name="takesLive">False: TLS is expected, so everything is Kestrel's.</param>
    public LiveListener(
        Socket socket, bool takesLive, LiveLoops loops, DirectUpgrade upgrade, ProxyOptions proxies, OpenFiles files, SocketConnectionContextFactory contexts)
    {
        (_socket, TakesLive, _loops, _upgrade, _proxies, _files, _contexts) = (socket, takesLive, loops, upgrade, proxies, files, contexts);
        EndPoint = socket.LocalEndPoint!;
        _descriptor = (int)socket.Handle;
        _loop = loops.Next();
        _loop.Listen(_descriptor, this);
    }

    public EndPoint EndPoint { get; }

    public bool TakesLive { get; }

    public bool Accept()
    {
        for (var i = 0; i < AcceptsPerTurn; i++)
        {
            var descriptor = Libc.Accept(_descriptor, _address);
            if (descriptor < 0)
            {
                if (Libc.Error == Libc.TooManyOpen) _files.RanOut();
                if (Libc.Error is Libc.TooManyOpen or Libc.TooManyOpenInSystem) return false;
                if (Libc.Error == Libc.WouldBlock) return true;
                continue; // one that left while it waited
            }

            if (!_files.Allows(descriptor)) Libc.Close(descriptor);
            else if (Libc.ReadAddress(_address) is { } peer) _loops.Next().Adopt(descriptor, new Arrival(this, peer, _proxies));
            else Libc.Close(descriptor);
        }

        return true;
    }

    /// <summary>Lets Kestrel have the connection as if it had accepted it.</summary>
    public void HandOver(LiveConnection connection, Arrival arrival)
    {
        if (!connection.TryRelease(out var descriptor)) return;
        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);
        ConnectionContext context;
        try
        {
            var socket = new Socket(handle);
            context = _contexts.Create(socket);
            PeerEnd.Watch(context, socket, _loop);
        }
        catch (SocketException)
        {
            handle.Dispose(); // it left first
            return;
        }

        if (arrival.Preamble is { } preamble)
        {
            context.Features.Set(preamble);
            context.RemoteEndPoint = arrival.Client;
        }

        if (!_handedOver.Writer.TryWrite(context)) context.Abort();
    }

    /// <summary>Admits and serves a live request; on the thread pool.</summary>
    public void Open(LiveConnection connection, Arrival arrival) => _ = _upgrade.OpenAsync(connection, arrival);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _handedOver.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_handedOver.Reader.TryRead(out var context)) return context;
        }

        return null;
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _unbound, 1) != 0) return;
        _loop.Unlisten(_descriptor);
        _socket.Dispose();
        _handedOver.Writer.TryComplete();
        foreach (var connection in _loops.Table.All())
        {
            if (connection.State == LiveState.Arriving) connection.Close();
        }

        // Viewers have been told to leave by now; their last words may still be on the way.
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(LastWordsWithin);
        while (!late.IsCancellationRequested && _loops.Table.All().Any(connection => connection.IsOpen))
            await Task.Delay(20, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
