using System.Buffers.Binary;
using System.Net;

namespace Interactions.Tests.Frontend.Transports;

/// <summary>What load balancers send first (PROXY protocol, version 2).</summary>
internal static class Preambles
{
    private static readonly byte[] Signature = "\r\n\r\n\0\r\nQUIT\n"u8.ToArray();

    /// <summary>A balancer's health check.</summary>
    public static byte[] Local => [.. Signature, 0x20, 0, 0, 0];

    /// <summary>A TCP client of this address.</summary>
    public static byte[] Of(string address, ushort port, int extensions = 0)
    {
        var client = IPAddress.Parse(address).GetAddressBytes();
        var bytes = new byte[16 + (client.Length * 2) + 4 + extensions];
        Signature.CopyTo(bytes, 0);
        bytes[12] = 0x21;
        bytes[13] = (byte)(client.Length == 4 ? 0x11 : 0x21);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), (ushort)(bytes.Length - 16));
        client.CopyTo(bytes, 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(16 + (client.Length * 2)), port);
        return bytes;
    }
}
