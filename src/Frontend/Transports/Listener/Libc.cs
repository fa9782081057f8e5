using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.InteropServices;

namespace Interactions.Frontend.Transports.Listener;

/// <summary>
/// The system calls that live connections are made of (Linux). Nothing here waits, apart from <see cref="EpollWait"/>.
/// Results below zero carry the error in <see cref="Error"/>.
/// </summary>
[SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Blittable already; generated stubs would need unsafe code.")]
internal static class Libc
{
    public const int Interrupted = 4;
    public const int WouldBlock = 11;
    public const int TooManyOpenInSystem = 23;
    public const int TooManyOpen = 24;
    public const int Tcp = 6;
    public const int TcpInfo = 11;
    public const int TcpInfoBytes = 128;

    /// <summary>The first byte of TCP_INFO when the peer has ended its side (linux/tcp_states.h).</summary>
    public const byte CloseWait = 8;

    public const int Peek = 0x2;
    public const int MoreFollows = 0x8000;

    public const uint In = 0x1;
    public const uint Out = 0x4;
    public const uint Failed = 0x8;
    public const uint HangUp = 0x10;
    public const uint PeerEnded = 0x2000;
    public const uint EdgeTriggered = 1u << 31;

    private const int NonBlockingCloseOnExec = 0x800 | 0x80000;
    private const int NoSignalDontWait = 0x4000 | 0x40;
    private const int ControlAdd = 1;
    private const int ControlRemove = 2;
    private const int ControlChange = 3;
    private const int Inet = 2;
    private const int Inet6 = 10;

    public static int Error => Marshal.GetLastPInvokeError();

    // struct epoll_event is packed where 32- and 64-bit x86 were to share it, and nowhere else: events, padding, data.
    public static int EventSize { get; } = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 12 : 16;

    public static int CreateEpoll() => epoll_create1(0x80000);

    public static int EpollAdd(int epoll, int descriptor, uint events, ulong data) => Control(epoll, ControlAdd, descriptor, events, data);

    public static int EpollChange(int epoll, int descriptor, uint events, ulong data) => Control(epoll, ControlChange, descriptor, events, data);

    public static int EpollRemove(int epoll, int descriptor) => Control(epoll, ControlRemove, descriptor, 0, 0);

    /// <returns>How many events were written to the buffer; read them with <see cref="EventAt"/>.</returns>
    public static int EpollWait(int epoll, byte[] events, int timeoutMs) => epoll_wait(epoll, ref events[0], events.Length / EventSize, timeoutMs);

    public static (uint Events, ulong Data) EventAt(byte[] events, int index)
    {
        var at = events.AsSpan(index * EventSize, EventSize);
        return (MemoryMarshal.Read<uint>(at), MemoryMarshal.Read<ulong>(at[(EventSize - 8)..]));
    }

    /// <param name="address">At least 28 bytes; read it with <see cref="ReadAddress"/>.</param>
    public static int Accept(int listener, Span<byte> address)
    {
        var length = address.Length;
        return accept4(listener, ref MemoryMarshal.GetReference(address), ref length, NonBlockingCloseOnExec);
    }

    /// <summary>What accept wrote; addresses of IPv4 clients on a socket for both come out as IPv4.</summary>
    public static IPEndPoint? ReadAddress(ReadOnlySpan<byte> address)
    {
        var port = (address[2] << 8) | address[3];
        switch (MemoryMarshal.Read<ushort>(address))
        {
            case Inet:
                return new IPEndPoint(new IPAddress(address.Slice(4, 4)), port);
            case Inet6:
                var ip = new IPAddress(address.Slice(8, 16), MemoryMarshal.Read<uint>(address[24..]));
                return new IPEndPoint(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip, port);
            default:
                return null;
        }
    }

    /// <summary>How many descriptors the process may have open: the soft limit, which .NET raises to the hard one at its start.</summary>
    public static int MostOpen()
    {
        const int OpenFiles = 7;
        Span<ulong> limits = stackalloc ulong[2];
        return getrlimit(OpenFiles, ref limits[0]) == 0 ? (int)Math.Min(limits[0], int.MaxValue) : int.MaxValue;
    }

    public static int Send(int descriptor, ReadOnlySpan<byte> bytes, int flags = 0) =>
        (int)send(descriptor, ref MemoryMarshal.GetReference(bytes), bytes.Length, flags | NoSignalDontWait);

    public static int Receive(int descriptor, Span<byte> buffer, int flags = 0) =>
        (int)recv(descriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length, flags | NoSignalDontWait);

    /// <summary>How many bytes were sent and not acknowledged by the peer (SIOCOUTQ, tcp(7)); below zero: unknown.</summary>
    public static int Unacknowledged(int descriptor)
    {
        const nuint OutQueue = 0x5411;
        var bytes = 0;
        return ioctl(descriptor, OutQueue, ref bytes) == 0 ? bytes : -1;
    }

    /// <summary>How many bytes the peer has acknowledged (TCP_INFO, tcp(7); linux/tcp.h has tcpi_bytes_acked at 120, since 4.1); 0: unknown.</summary>
    public static long Acknowledged(int descriptor)
    {
        Span<byte> info = stackalloc byte[TcpInfoBytes];
        var length = info.Length;
        return getsockopt(descriptor, Tcp, TcpInfo, ref MemoryMarshal.GetReference(info), ref length) == 0 ? Acknowledged(info[..length]) : 0;
    }

    /// <param name="info">What the system tells of a connection: <see cref="TcpInfoBytes"/>, or fewer from one that knows less.</param>
    public static long Acknowledged(ReadOnlySpan<byte> info) => info.Length < TcpInfoBytes ? 0 : MemoryMarshal.Read<long>(info[120..]);

    /// <inheritdoc cref="Unacknowledged(int)"/>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public static int Unacknowledged(SafeHandle socket)
    {
        var isHeld = false;
        socket.DangerousAddRef(ref isHeld);
        try
        {
            return Unacknowledged((int)socket.DangerousGetHandle());
        }
        finally
        {
            socket.DangerousRelease();
        }
    }

    /// <summary>Ends this side; what was sent is delivered, and receiving goes on.</summary>
    public static void EndSending(int descriptor) => _ = shutdown(descriptor, 1);

    public static void Close(int descriptor) => _ = close(descriptor);

    /// <summary>Makes the next <see cref="Close"/> cut the connection (RST) instead of ending it.</summary>
    public static void CutAtClose(int descriptor)
    {
        const int Socket = 1, Linger = 13;
        Span<int> on = [1, 0];
        _ = setsockopt(descriptor, Socket, Linger, ref on[0], 8);
    }

    private static int Control(int epoll, int operation, int descriptor, uint events, ulong data)
    {
        Span<byte> what = stackalloc byte[16];
        MemoryMarshal.Write(what, events);
        MemoryMarshal.Write(what[(EventSize - 8)..], data);
        return epoll_ctl(epoll, operation, descriptor, ref what[0]);
    }

#pragma warning disable IDE1006 // named as in libc
    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_create1(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_ctl(int epoll, int operation, int descriptor, ref byte what);

    [DllImport("libc", SetLastError = true)]
    private static extern int epoll_wait(int epoll, ref byte events, int most, int timeoutMs);

    [DllImport("libc", SetLastError = true)]
    private static extern int accept4(int listener, ref byte address, ref int length, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint send(int descriptor, ref byte bytes, nint length, int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern nint recv(int descriptor, ref byte buffer, nint length, int flags);

    [DllImport("libc")]
    private static extern int shutdown(int descriptor, int how);

    [DllImport("libc")]
    private static extern int close(int descriptor);

    [DllImport("libc")]
    private static extern int setsockopt(int descriptor, int level, int name, ref int value, int length);

    [DllImport("libc")]
    private static extern int getsockopt(int descriptor, int level, int name, ref byte value, ref int length);

    [DllImport("libc")]
    private static extern int ioctl(int descriptor, nuint request, ref int value);

    [DllImport("libc", SetLastError = true)]
    private static extern int getrlimit(int resource, ref ulong limits);
#pragma warning restore IDE1006
}
