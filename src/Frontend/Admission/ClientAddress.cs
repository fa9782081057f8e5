using System.Net;
using Microsoft.Extensions.Primitives;

namespace Interactions.Frontend.Admission;

/// <summary>Where a request really comes from, as far as trusted proxies (<c>Proxies:Trusted</c>) say.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// Walks <c>X-Forwarded-For</c> from its end, where the nearest proxy wrote, for as long as the one who says it is trusted.
    /// What a client wrote into it itself lies beyond the first address that is not trusted, and is never read.
    /// </summary>
    /// <param name="peer">Who is connected, a PROXY preamble considered.</param>
    public static IPAddress? Of(IPAddress? peer, StringValues forwardedFor, ProxyOptions proxies)
    {
        if (forwardedFor.Count == 0 || !proxies.Trusts(peer)) return peer;
        var client = peer;
        var hops = forwardedFor.ToString().Split(',', StringSplitOptions.TrimEntries);
        for (var i = hops.Length - 1; i >= 0 && proxies.Trusts(client) && TryParse(hops[i], out var hop); i--) client = hop;
        return client;
    }

    // An address, or an address and a port.
    private static bool TryParse(string text, out IPAddress? address)
    {
        address = null;
        if (!IPEndPoint.TryParse(text, out var end)) return false;
        address = end.Address.IsIPv4MappedToIPv6 ? end.Address.MapToIPv4() : end.Address;
        return true;
    }
}
