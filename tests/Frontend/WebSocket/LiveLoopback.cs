using System.Net;
using System.Net.Sockets;
using Interactions.Frontend.Fanout;
using Interactions.Frontend.Transports.Listener;
using Interactions.Frontend.Transports.WebSocket;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interactions.Tests.Frontend.WebSocket;

/// <summary>Straight on connections.</summary>
public sealed class LiveLoopback : Loopback
{
    private readonly LiveTable _table = new();
    private readonly LiveLoop _loop;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public LiveLoopback()
    {
        _loop = new LiveLoop(_table, TimeSpan.FromSeconds(10), TimeProvider.System, NullLogger.Instance);
        _listener.Start();
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var connection in _table.All()) connection.Abort();
        _loop.Dispose();
        _listener.Dispose();
        return base.DisposeAsync();
    }

    internal override async Task<(RawClient Client, Cursor Cursor)> OpenAsync(Func<Cursor, IConversation> converse, int longestMessageBytes = 65536)
    {
        var (client, connection) = await ConnectAsync();
        var socket = new LiveSocket(connection, longestMessageBytes, ended => _ = ended.EndAsync(ClosingSockets));
        var cursor = new Cursor(socket, null, null, null, long.MaxValue, TimeProvider.System);
        socket.Begin(converse(cursor), new Visit(cursor, null!, null));
        return (client, cursor);
    }

    internal override async Task<RawClient> RefuseAsync(int code, string detail)
    {
        var (client, connection) = await ConnectAsync();
        await new LiveSocket(connection, 1024).CloseAsync(code, detail, ClosingSockets);
        return client;
    }

    private async Task<(RawClient Client, LiveConnection Connection)> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var accepting = _listener.AcceptSocketAsync();
        await client.ConnectAsync(_listener.LocalEndpoint);
        var accepted = await accepting;
        accepted.Blocking = false;
        var descriptor = (int)accepted.SafeHandle.DangerousGetHandle();
        accepted.SafeHandle.SetHandleAsInvalid();
        return (RawClient.On(client), _loop.Adopt(descriptor, null) ?? throw new InvalidOperationException("Not adopted."));
    }
}
