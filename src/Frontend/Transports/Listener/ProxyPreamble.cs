using System.Buffers.Binary;
using System.Net;

namespace Interactions.Frontend.Transports.Listener;

/// <summary>
/// The PROXY protocol, version 2 (haproxy.org/download/2.8/doc/proxy-protocol.txt, section 2.2): what a load balancer says
/// about the client before the client's own bytes.
/// <code>
/// 0D 0A 0D 0A 00 0D 0A 51 55 49 54 0A | 2 cmd | family | length | source, destination, ports | extensions
/// 12 bytes                            | 1     | 1      | 2      | 12 (IPv4) or 36 (IPv6)     | rest of length
/// </code>
/// Also the feature that a proxied connection carries, on every path.
/// </summary>
/// <param name="Client">Who the balancer speaks for; null: for itself (a health check), or not an IP client.</param>
/// <param name="Length">How many bytes it takes.</param>
internal sealed record ProxyPreamble(IPEndPoint? Client, int Length)
{
    /// <summary>Balancers send some hundred bytes of extensions at most.</summary>
    public const int MostBytes = 16 + 2048;

    private const int HeadBytes = 16;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Whether the bytes begin with the signature; null: too few to tell.</summary>
    public static bool? IsThere(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= Signature.Length ? bytes.StartsWith(Signature) : Signature.StartsWith(bytes) ? null : false;

    /// <summary>Reads a preamble whose signature is there.</summary>
    /// <param name="preamble">Null while more bytes are needed.</param>
    /// <returns>False when it is malformed.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ProxyPreamble? preamble)
    {
        preamble = null;
        if (bytes.Length < HeadBytes) return true;
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (length + HeadBytes > MostBytes) return false;
        var isProxied = bytes[12] == 0x21;
        if (!isProxied && bytes[12] != 0x20) return false;
        var addressBytes = (bytes[13] >> 4) switch { 1 => 4, 2 => 16, _ => 0 };
        var isTcp = addressBytes > 0 && (bytes[13] & 0xF) == 1;
        if (isProxied && isTcp && length < (addressBytes * 2) + 4) return false;
        if (bytes.Length < HeadBytes + length) return true;
        IPEndPoint? client = null;
        if (isProxied && isTcp)
        {
            var address = new IPAddress(bytes.Slice(HeadBytes, addressBytes));
            var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[(HeadBytes + (addressBytes * 2))..]);
            client = new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port);
        }

        preamble = new ProxyPreamble(client, HeadBytes + length);
        return true;
    }
}
