using System.Net;
using Interactions.Frontend.Settings;
using Microsoft.Extensions.Primitives;

namespace Interactions.Frontend.Admission;

/// <summary>Where a request really comes from, as far as trusted proxies (<c>Proxies:Trusted</c>) say.</summary>
internal static class ClientAddress
{
    /// <summary>
    /// Walks <c>X-Forwarded-For</c> from its end, where the nearest proxy wrote, for as long as the one who says it is trusted.
    /// What is no address (<c>unknown</c>, <c>_hidden</c>, nothing) ends the walk: who came before is not known.
    /// What a client wrote into it itself lies beyond the first address that is not trusted, and is never read.
    /// </summary>
    /// <param name="peer">Who is connected, a PROXY preamble considered.</param>
    public static IPAddress? Of(IPAddress? peer, StringValues forwardedFor, ProxyOptions proxies)
    {
        if (forwardedFor.Count == 0 || !proxies.Trusts(peer)) return peer;
        var client = peer;
        var hops = forwardedFor.ToString().Split(',', StringSplitOptions.TrimEntries);
        for (var i = hops.Length - 1; i >= 0 && proxies.Trusts(client) && TextAddress.TryParseWithPort(hops[i], out var hop); i--) client = hop;
        return client;
    }
}
