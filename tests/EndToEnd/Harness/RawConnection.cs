using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>A TCP connection to the service, to say on it what no client library would.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Limit = Busy.Patience;

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private byte[] _buffer = new byte[64 * 1024];
    private int _length;

    private RawConnection(Socket socket) => (_socket, _stream) = (socket, new NetworkStream(socket));

    /// <param name="receiveBytes">How much the system takes in while nobody reads; 0 = as it likes.</param>
    public static async Task<RawConnection> OpenAsync(ServiceProcess service, IPAddress? from = null, int receiveBytes = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBytes > 0) socket.ReceiveBufferSize = receiveBytes;
        if (from is not null) socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, service.Address.Port);
        return new RawConnection(socket);
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>An answer's head, and its body if that has a length.</summary>
    public async Task<RawAnswer> AnswerAsync()
    {
        var head = await UntilAsync("\r\n\r\n");
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToLookup(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        var length = headers["content-length"].Select(text => int.Parse(text, CultureInfo.InvariantCulture)).SingleOrDefault();
        return new RawAnswer(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, Encoding.UTF8.GetString(await TakeAsync(length)));
    }

    /// <summary>Everything up to and with this text, which has to come.</summary>
    public async Task<string> UntilAsync(string end)
    {
        var wanted = Encoding.UTF8.GetBytes(end);
        while (true)
        {
            var at = _buffer.AsSpan(0, _length).IndexOf(wanted);
            if (at >= 0) return Encoding.UTF8.GetString(await TakeAsync(at + wanted.Length));
            if (!await ReadAsync()) throw new IOException($"The connection ended before {end}: {Encoding.UTF8.GetString(_buffer, 0, _length)}");
        }
    }

    /// <summary>Everything until the service ends the connection.</summary>
    public async Task<string> ToEndAsync()
    {
        while (await ReadAsync())
        {
        }

        return Encoding.UTF8.GetString(await TakeAsync(_length));
    }

    /// <summary>The code of the WebSocket close frame that comes next.</summary>
    public async Task<int> CloseCodeAsync()
    {
        var head = await TakeAsync(2);
        if (head[0] != 0x88) throw new IOException($"Not a close frame: {head[0]:x}");
        return BinaryPrimitives.ReadUInt16BigEndian(await TakeAsync(head[1]));
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private async Task<byte[]> TakeAsync(int count)
    {
        while (_length < count)
        {
            if (!await ReadAsync()) throw new IOException("The connection ended too early.");
        }

        var taken = _buffer[..count];
        _length -= count;
        Array.Copy(_buffer, count, _buffer, 0, _length);
        return taken;
    }

    private async Task<bool> ReadAsync()
    {
        if (_length == _buffer.Length) Array.Resize(ref _buffer, _length * 2);
        var read = await _stream.ReadAsync(_buffer.AsMemory(_length)).AsTask().WaitAsync(Limit);
        _length += read;
        return read > 0;
    }
}
