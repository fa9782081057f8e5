namespace Interactions.Frontend.Settings;

/// <summary><c>Cors:Origins</c>: which other sites' pages may use the service from a browser, WebSockets and SignalR included.</summary>
/// <param name="Origins">As browsers write them, lower case, or <c>*</c>; empty = only the service's own pages.</param>
internal sealed record CorsOptions(IReadOnlyList<string> Origins)
{
    public bool AllowsAny => Origins.Contains("*");

    /// <param name="origin">The <c>Origin</c> header.</param>
    public bool Allows(string origin) => AllowsAny || Origins.Contains(origin, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether the page that made the request may: browsers do not ask first for WebSockets. No <c>Origin</c> means that no
    /// browser page asks. Own pages are told by the authority alone, since TLS may end before the service.
    /// </summary>
    public bool Allows(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        if (origins.Count == 0) return true;
        if (origins.Count > 1 || origins[0] is not { } origin) return false;
        if (Allows(origin)) return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var page)
            && string.Equals(page.Authority, Authority(request.Host, page.Scheme), StringComparison.OrdinalIgnoreCase);
    }

    internal static CorsOptions Read(OptionReader read)
    {
        var origins = read.List("Cors:Origins");
        foreach (var origin in origins)
        {
            if (origin == "*") continue;
            if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
                || !string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase))
                read.Refuse("Cors:Origins", $"has to list origins such as https://example.org, without a path, or *; not {origin}");
        }

        return new CorsOptions([.. origins.Select(origin => origin.ToLowerInvariant())]);
    }

    // Uri leaves out the scheme's own port; so must the other side of the comparison.
    private static string Authority(HostString host, string scheme) =>
        host.Port == (scheme == "https" ? 443 : 80) ? host.Host : host.Value ?? "";
}
