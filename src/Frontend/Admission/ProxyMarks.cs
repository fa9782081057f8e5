using System.Buffers;

namespace Interactions.Frontend.Admission;

/// <summary>Whether a request went through something on its way: proxies, tunnels and content networks leave headers.</summary>
internal static class ProxyMarks
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Via", "Max-Forwards", "Proxy-Connection", "Proxy-Authorization", "CDN-Loop", "Client-IP", "ClientIP", "Remote-Addr", "X-Remote-Addr",
        "X-Host", "X-Scheme", "X-Real-Port", "X-Rewrite-URL", "X-HTTP-Host-Override", "X-Nginx-Proxy", "X-Amzn-Trace-Id", "X-Cluster-Client",
        "Front-End-Https",
    };

    // Cloudflare, Fastly, Azure, Envoy, Google, Amazon, Akamai, Fly, Vercel, IIS ARR, Tailscale; X-Original-* is where the framework's own
    // middleware puts what it has read.
    private static readonly string[] Prefixes =
    [
        "X-Original-", "CF-", "Fastly-", "X-Azure-", "X-Envoy-", "X-Appengine-", "X-Cloud-Trace-", "X-Amz-Cf-", "Akamai-", "X-Akamai-", "Fly-", "X-Vercel-",
        "X-ARR-", "Tailscale-", "X-Proxy", "Ngrok-",
    ];

    private static readonly SearchValues<string> Parts = SearchValues.Create(
        ["forwarded", "client-ip", "clientip", "connecting-ip", "real-ip", "realip", "remote-ip", "user-ip", "originating-ip", "source-ip"], StringComparison.OrdinalIgnoreCase);

    public static bool AreOn(IHeaderDictionary headers)
    {
        foreach (var name in headers.Keys)
        {
            if (Names.Contains(name) || name.AsSpan().ContainsAny(Parts)) return true;
            foreach (var prefix in Prefixes)
            {
                if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return true;
            }
        }

        return false;
    }
}
