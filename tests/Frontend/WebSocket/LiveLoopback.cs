using System.Net;
using System.Net.Sockets;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Transports.Listener;
using Interactions.Frontend.Transports.WebSocket;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>WebSockets on real connections, with a conversation of the test's choice behind them.</summary>
public sealed class LiveLoopback : IDisposable
{
    private readonly LiveTable _table = new();
    private readonly LiveLoop _loop;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public LiveLoopback()
    {
        _loop = new LiveLoop(_table, TimeSpan.FromSeconds(10), TimeProvider.System, NullLogger.Instance);
        Partings = new Partings(TimeProvider.System);
        _listener.Start();
    }

    internal Partings Partings { get; }

    public void Dispose()
    {
        foreach (var connection in _table.All()) connection.Abort();
        _loop.Dispose();
        Partings.Dispose();
        _listener.Dispose();
    }

    /// <summary>A client of a WebSocket whose handshake is done.</summary>
    internal async Task<(RawClient Client, Cursor Cursor)> OpenAsync(Func<Cursor, IConversation> converse, int longestMessageBytes = 65536)
    {
        var (client, connection) = await ConnectAsync();
        var socket = new LiveSocket(connection, longestMessageBytes, ended => _ = ended.EndAsync(Partings));
        var cursor = new Cursor(socket, null, null, null, long.MaxValue, TimeProvider.System);
        socket.Begin(cursor, converse(cursor), default);
        return (client, cursor);
    }

    internal async Task<(RawClient Client, LiveConnection Connection)> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var accepting = _listener.AcceptSocketAsync();
        await client.ConnectAsync(_listener.LocalEndpoint);
        var accepted = await accepting;
        accepted.Blocking = false;
        var descriptor = (int)accepted.SafeHandle.DangerousGetHandle();
        accepted.SafeHandle.SetHandleAsInvalid();
        return (new RawClient(client), _loop.Adopt(descriptor, null) ?? throw new InvalidOperationException("Not adopted."));
    }
}
