using System.Buffers.Binary;
using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Interactions.LoadTests.Swarm.Native;

/// <summary>A non-blocking TCP socket as the number that the system gave it; IPv4.</summary>
internal static unsafe class RawSocket
{
    /// <summary>What a read answers when there is nothing yet, and when the connection is gone.</summary>
    public const int Nothing = -1;
    public const int Gone = 0;

    /// <summary>Connections of one source address: below the 28,232 ports that Linux picks from by default.</summary>
    private const int ConnectionsPerSource = 15_000;

    private const int AddressBytes = 16;

    /// <summary>Starts to connect.</summary>
    /// <param name="index">Spreads connections to this machine over source addresses 127.0.0.2 and on, so that ports do not run out.</param>
    /// <param name="receiveBufferBytes">0 = the system's choice.</param>
    /// <returns>The socket; negative when it failed at once (minus the system's error).</returns>
    public static int Connect(IPEndPoint target, int index, int receiveBufferBytes)
    {
        var fd = Libc.Socket(Libc.AfInet, Libc.Stream | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (fd < 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
        if (receiveBufferBytes > 0) Set(fd, Libc.LevelSocket, Libc.ReceiveBuffer, receiveBufferBytes);
        Set(fd, Libc.LevelTcp, Libc.NoDelay, 1);
        var address = stackalloc byte[AddressBytes];
        if (IPAddress.IsLoopback(target.Address))
        {
            // The port is picked at connect, where it only has to be unused towards this target.
            Set(fd, Libc.LevelIp, Libc.BindAddressNoPort, 1);
            Write(address, new IPAddress([127, 0, 0, (byte)(2 + (index / ConnectionsPerSource % 250))]), 0);
            if (Libc.Bind(fd, address, AddressBytes) < 0) return Fail(fd);
        }

        Write(address, target.Address, target.Port);
        if (Libc.Connect(fd, address, AddressBytes) < 0 && Marshal.GetLastPInvokeError() != Libc.InProgress) return Fail(fd);
        return fd;
    }

    /// <summary>How many bytes came; <see cref="Nothing"/>; or <see cref="Gone"/>.</summary>
    public static int Receive(int fd, Span<byte> into)
    {
        fixed (byte* start = into)
        {
            var count = Libc.Receive(fd, start, into.Length, 0);
            if (count >= 0) return (int)count;
        }

        return Marshal.GetLastPInvokeError() is Libc.Again or Libc.Interrupted ? Nothing : Gone;
    }

    /// <summary>How many bytes were taken: 0 when none can be now; -1 when the connection is gone.</summary>
    public static int Send(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var count = Libc.Send(fd, start, bytes.Length, Libc.NoSignal);
            if (count >= 0) return (int)count;
        }

        return Marshal.GetLastPInvokeError() is Libc.Again or Libc.Interrupted ? 0 : -1;
    }

    public static void Close(int fd) => _ = Libc.Close(fd);

    /// <summary>Closes with a reset: the other side is told by an error, at once, and nothing lingers here.</summary>
    public static void Reset(int fd)
    {
        var linger = stackalloc int[] { 1, 0 };
        _ = Libc.SetOption(fd, Libc.LevelSocket, Libc.Linger, linger, 8);
        _ = Libc.Close(fd);
    }

    public static IPEndPoint Resolve(Uri address)
    {
        var found = Array.Find(Dns.GetHostAddresses(address.DnsSafeHost), a => a.AddressFamily == AddressFamily.InterNetwork)
            ?? throw new InvalidOperationException($"{address.Host} has no IPv4 address.");
        return new IPEndPoint(found, address.Port);
    }

    private static int Fail(int fd)
    {
        var error = Marshal.GetLastPInvokeError();
        _ = Libc.Close(fd);
        return -error;
    }

    private static void Set(int fd, int level, int name, int value) => _ = Libc.SetOption(fd, level, name, &value, sizeof(int));

    private static void Write(byte* address, IPAddress ip, int port)
    {
        var bytes = new Span<byte>(address, AddressBytes);
        bytes.Clear();
        BinaryPrimitives.WriteInt16LittleEndian(bytes, Libc.AfInet);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)port);
        ip.TryWriteBytes(bytes[4..], out _);
    }
}
