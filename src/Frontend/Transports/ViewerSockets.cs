using System.Net.Sockets;

namespace Interactions.Frontend.Transports;

/// <summary>Options of the listening socket, which every accepted socket inherits (Linux, tcp(7)).</summary>
internal static class ViewerSockets
{
    private const int Tcp = 6;
    private const int UserTimeout = 18;
    private const int NotSentLowWater = 25;

    /// <summary>
    /// Writable means nearly drained (2 KB), so that a slow viewer is seconds behind in nobody's buffer: docs/adr/0006. A phone
    /// that vanished is noticed (30 s).
    /// </summary>
    public static void Tune(Socket listener)
    {
        if (!OperatingSystem.IsLinux() || listener.ProtocolType != ProtocolType.Tcp) return;
        listener.SetRawSocketOption(Tcp, NotSentLowWater, BitConverter.GetBytes(2 * 1024));
        listener.SetRawSocketOption(Tcp, UserTimeout, BitConverter.GetBytes(30_000));
    }
}
