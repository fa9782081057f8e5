using System.Net;
using System.Net.Sockets;

namespace Interactions.Frontend.Settings;

/// <summary>Which names and addresses mean this machine and nothing else.</summary>
internal static class LoopbackHost
{
    public static bool IsLoopback(HostString host)
    {
        if (!host.HasValue) return false;
        var name = host.Host;
        if (string.Equals(name, "localhost", StringComparison.OrdinalIgnoreCase)) return true;
        var bare = name is ['[', .., ']'] ? name[1..^1] : name;

        // Only the usual spelling: parsers disagree about "127.1" and "0x7f000001".
        return IPAddress.TryParse(bare, out var address) && address.ToString() == bare && IsLoopback(address);
    }

    public static bool IsLoopback(IPAddress? address)
    {
        if (address is null) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 && IPAddress.IsLoopback(address);
    }
}
