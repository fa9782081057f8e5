using System.Net;

namespace Interactions.Frontend.Settings;

/// <summary><c>Proxies:Trusted</c>: whose word about the client's address (forwarding headers) is taken.</summary>
/// <param name="Trusted">Empty = nobody's.</param>
internal sealed record ProxyOptions(IReadOnlyList<IPNetwork> Trusted)
{
    public bool Trusts(IPAddress? address)
    {
        if (address is null) return false;
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        foreach (var network in Trusted)
        {
            if (network.Contains(address)) return true;
        }

        return false;
    }

    internal static ProxyOptions Read(OptionReader read)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in read.List("Proxies:Trusted"))
        {
            if (TextAddress.TryParse(text, out var single)) networks.Add(new IPNetwork(single, single.GetAddressBytes().Length * 8));
            else if (IPNetwork.TryParse(text, out var network)) networks.Add(network);
            else read.Refuse("Proxies:Trusted", $"has to list addresses or networks such as 10.0.0.0/8; not {text}");
        }

        return new ProxyOptions(networks);
    }
}
