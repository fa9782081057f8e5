using System.Net.Sockets;

namespace Interactions.Frontend.Transports;

/// <summary>Options of the listening socket, which every accepted socket inherits (Linux, tcp(7)).</summary>
internal static class ViewerSockets
{
    private const int Tcp = 6;
    private const int UserTimeout = 18;
    private const int NotSentLowWater = 25;

    /// <summary>
    /// Writable means nearly drained, so that a slow viewer is minutes behind in nobody's buffer (16 KB); a phone that
    /// vanished is noticed (30 s).
    /// </summary>
    public static void Tune(Socket listener)
    {
        if (!OperatingSystem.IsLinux() || listener.ProtocolType != ProtocolType.Tcp) return;
        listener.SetRawSocketOption(Tcp, NotSentLowWater, BitConverter.GetBytes(16 * 1024));
        listener.SetRawSocketOption(Tcp, UserTimeout, BitConverter.GetBytes(30_000));
    }
}
