using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Interactions.Frontend.Transports;
using Interactions.Frontend.Transports.Listener;
using Microsoft.Extensions.Logging.Abstractions;

namespace Interactions.Tests.Frontend.Transports;

/// <summary>A live connection and its client, over loopback; keeps what its handler is told.</summary>
internal sealed class LivePair : ILiveHandler, IDisposable
{
    private readonly LiveLoop _loop;
    private readonly Channel<byte[]> _received = Channel.CreateUnbounded<byte[]>();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LivePair()
    {
        _loop = new LiveLoop(Table, TimeSpan.FromSeconds(60), TimeProvider.System, NullLogger.Instance);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        ViewerSockets.Tune(listener);
        listener.Listen();
        Client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 * 1024, ReceiveTimeout = 10_000 };
        Client.Connect(listener.LocalEndPoint!);
        Connection = _loop.Adopt(Libc.Accept((int)listener.Handle, new byte[28]), null)!;
    }

    public LiveTable Table { get; } = new();

    public LiveConnection Connection { get; }

    public Socket Client { get; }

    public Task Closed => _closed.Task.WaitAsync(TimeSpan.FromSeconds(60));

    public int TimesClosed { get; private set; }

    public LivePair Attached()
    {
        Connection.Attach(this);
        return this;
    }

    /// <summary>What the connection received next.</summary>
    public async Task<byte[]> NextAsync() => await _received.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>What the client receives until there is no more.</summary>
    public byte[] ReadToEnd()
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (Client.Receive(buffer) is > 0 and var length) all.Write(buffer, 0, length);
        return all.ToArray();
    }

    public void OnReadable(LiveConnection connection)
    {
        Span<byte> buffer = stackalloc byte[64];
        while (connection.Receive(buffer) is > 0 and var length) _received.Writer.TryWrite(buffer[..length].ToArray());
    }

    public void OnClosed(LiveConnection connection)
    {
        TimesClosed++;
        _closed.TrySetResult();
    }

    public void Dispose()
    {
        Connection.Abort();
        Client.Dispose();
        _loop.Dispose();
    }
}
