using System.Globalization;

namespace Interactions.Frontend.Settings;

/// <summary>Where Kestrel is going to listen, read from the settings it reads itself.</summary>
internal static class ListenAddresses
{
    /// <summary>Refuses what Kestrel could not listen on, or would listen on otherwise than it was meant.</summary>
    public static void Check(OptionReader read)
    {
        foreach (var url in Urls(read.Text("Urls")))
        {
            if (!IsAddress(url)) Refuse("Urls", url);
        }

        foreach (var endpoint in read.Configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (endpoint["Url"] is { } url && !IsAddress(url)) Refuse($"{endpoint.Path}:Url", url);
        }

        void Refuse(string setting, string url) =>
            read.Refuse(setting, $"has to be an address such as http://127.0.0.1:5080 or http://*:80, with a port up to {ushort.MaxValue} and no path; not {url}");
    }

    /// <summary>Those that somebody on another machine could reach, of what passes <see cref="Check"/>; without any setting there are none.</summary>
    public static IEnumerable<string> NotLoopback(IConfiguration configuration)
    {
        foreach (var url in Urls(configuration["Urls"]))
        {
            if (IsAddress(url) && !IsLoopback(url)) yield return url;
        }

        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (endpoint["Url"] is { } url && IsAddress(url) && !IsLoopback(url)) yield return url;
        }

        // Ports without an address are bound on every interface; Urls overrides them.
        if (string.IsNullOrWhiteSpace(configuration["Urls"]))
        {
            foreach (var setting in (string[])["HTTP_PORTS", "HTTPS_PORTS"])
            {
                if (!string.IsNullOrWhiteSpace(configuration[setting])) yield return $"every address ({setting}={configuration[setting]})";
            }
        }
    }

    /// <summary>Whether TLS is spoken anywhere.</summary>
    public static bool AnySecure(IConfiguration configuration) => SecureUrls(configuration).Any() || !string.IsNullOrWhiteSpace(configuration["HTTPS_PORTS"]);

    /// <summary>Ports that speak TLS from the first byte on.</summary>
    public static HashSet<int> SecurePorts(IConfiguration configuration)
    {
        var ports = SecureUrls(configuration).Select(url => BindingAddress.Parse(url).Port);
        var more = (configuration["HTTPS_PORTS"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. ports, .. more.Select(port => int.TryParse(port, CultureInfo.InvariantCulture, out var number) ? number : 443)];
    }

    private static string[] Urls(string? setting) => (setting ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // Kestrel takes a port that is no number for a part of the name, and listens on every interface then.
    private static bool IsAddress(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme.ToUpperInvariant() is "HTTP" or "HTTPS" && address.PathBase.Length == 0
                && (address.IsUnixPipe || (address.Port is >= 0 and <= ushort.MaxValue && (address.Host[0] == '[' || !address.Host.Contains(':', StringComparison.Ordinal))));
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static IEnumerable<string> SecureUrls(IConfiguration configuration) =>
        Urls(configuration["Urls"])
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? ""))
            .Where(url => url.StartsWith("https://", StringComparison.OrdinalIgnoreCase));

    /// <summary>Kestrel binds any name other than <c>localhost</c> on every interface, so only that name and loopback IPs count.</summary>
    public static bool IsLoopback(string url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0) return false;
        var rest = url[(scheme + 3)..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        return LoopbackHost.IsLoopback(new HostString(slash < 0 ? rest : rest[..slash]));
    }
}
