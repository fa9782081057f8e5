using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Interactions.InProcess.LogCeiling;

/// <summary>
/// One connection to Redis that never blocks its thread, so that one thread can serve a hundred of them: the tool shares
/// its machine with the server that it measures.
/// </summary>
internal sealed class RespConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;

    public RespConnection(string host, int port)
    {
        _socket.Connect(host, port);
        _socket.Blocking = false;
    }

    /// <summary>The server ended it: a subscriber that read too slowly, for one.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>The next whole answer; valid until the next call.</summary>
    public bool TryRead(out ReadOnlySpan<byte> answer)
    {
        if (TryTake(out answer)) return true;
        return !IsCutOff && Receive() && TryTake(out answer);
    }

    /// <summary>Sends a command; its parts are texts, numbers or bytes.</summary>
    public void Send(params object[] parts)
    {
        using var command = new MemoryStream(512);
        Write(command, $"*{parts.Length}\r\n");
        foreach (var part in parts)
        {
            var bytes = part as byte[] ?? Encoding.UTF8.GetBytes(Convert.ToString(part, CultureInfo.InvariantCulture)!);
            Write(command, $"${bytes.Length}\r\n");
            command.Write(bytes);
            Write(command, "\r\n");
        }

        var left = command.GetBuffer().AsSpan(0, (int)command.Length);
        while (left.Length > 0)
        {
            var sent = _socket.Send(left, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) _socket.Poll(TimeSpan.FromMilliseconds(10), SelectMode.SelectWrite);
            else if (error != SocketError.Success) throw new IOException($"Redis: {error}.");
            left = left[sent..];
        }
    }

    /// <summary>Sends a command and waits for its answer, as text.</summary>
    public string Ask(params object[] parts)
    {
        Send(parts);
        var until = Environment.TickCount64 + 30_000;
        while (true)
        {
            if (TryRead(out var answer)) return Encoding.UTF8.GetString(answer);
            if (IsCutOff) throw new IOException("Redis hung up.");
            if (Environment.TickCount64 > until) throw new TimeoutException($"Redis did not answer {parts[0]} within 30 s.");
            _socket.Poll(TimeSpan.FromMilliseconds(10), SelectMode.SelectRead);
        }
    }

    public void Dispose() => _socket.Dispose();

    private static void Write(Stream stream, string text) => stream.Write(Encoding.ASCII.GetBytes(text));

    private bool TryTake(out ReadOnlySpan<byte> answer)
    {
        var there = _buffer.AsSpan(_start, _end - _start);
        var length = there.Length == 0 ? 0 : Resp.Length(there);
        answer = there[..length];
        _start += length;
        if (_start == _end) _start = _end = 0;
        return length > 0;
    }

    private bool Receive()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        var read = _socket.Receive(_buffer.AsSpan(_end), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock) return false;
        IsCutOff = read == 0 || error != SocketError.Success;
        _end += read;
        return !IsCutOff;
    }
}
