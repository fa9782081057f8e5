using System.Net.Sockets;
using Interactions.Frontend.Transports.Listener;

namespace Interactions.Frontend.Transports;

/// <summary>What viewers' sockets are told and asked (Linux, tcp(7)).</summary>
internal static class ViewerSockets
{
    private const int UserTimeout = 18;
    private const int NotSentLowWater = 25;

    /// <summary>How many bytes may wait for a socket of Kestrel's: a slow viewer is behind by these too.</summary>
    public const int MostUnsent = 2 * 1024;

    /// <summary>
    /// Sets options of the listening socket, which every accepted socket inherits.
    /// Writable means nearly drained (1 KB), so that a slow viewer is seconds behind in nobody's buffer: docs/adr/0006. The system gives
    /// a peer up after a minute, later than <see cref="Fanout.Rooms"/> does, which knows why and counts it.
    /// </summary>
    public static void Tune(Socket listener)
    {
        if (!OperatingSystem.IsLinux() || listener.ProtocolType != ProtocolType.Tcp) return;
        listener.SetRawSocketOption(Libc.Tcp, NotSentLowWater, BitConverter.GetBytes(1024));
        listener.SetRawSocketOption(Libc.Tcp, UserTimeout, BitConverter.GetBytes(60_000));
    }

    /// <summary>How many bytes the peer has not acknowledged, of those that Kestrel's socket took; 0 where that can't be known.</summary>
    public static int Backlog(Socket? socket)
    {
        if (socket is null || !OperatingSystem.IsLinux()) return 0;
        try
        {
            return Math.Max(0, Libc.Unacknowledged(socket.SafeHandle));
        }
        catch (ObjectDisposedException)
        {
            return 0;
        }
    }

    /// <summary>Whether the peer has ended its side and the connection is otherwise there (tcp(7), TCP_INFO).</summary>
    public static bool IsHalfClosed(Socket socket)
    {
        try
        {
            Span<byte> info = stackalloc byte[Libc.TcpInfoBytes];
            return socket.GetRawSocketOption(Libc.Tcp, Libc.TcpInfo, info) > 0 && info[0] == Libc.CloseWait;
        }
        catch (Exception gone) when (gone is ObjectDisposedException or SocketException)
        {
            return false;
        }
    }

    /// <summary>How many bytes the peer has acknowledged so far; 0 where that can't be known.</summary>
    public static long Arrived(Socket? socket)
    {
        if (socket is null || !OperatingSystem.IsLinux()) return 0;
        try
        {
            Span<byte> info = stackalloc byte[Libc.TcpInfoBytes];
            return Libc.Acknowledged(info[..socket.GetRawSocketOption(Libc.Tcp, Libc.TcpInfo, info)]);
        }
        catch (Exception gone) when (gone is ObjectDisposedException or SocketException)
        {
            return 0;
        }
    }
}
