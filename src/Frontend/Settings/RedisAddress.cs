namespace Interactions.Frontend.Settings;

/// <summary>One server of <c>Log:Redis</c>, written <c>host:port</c> or <c>name=host:port</c>.</summary>
/// <param name="Name">What the directory of streams remembers it by; the same on every node, wherever it finds the server.</param>
/// <param name="Server"><c>host:port</c>.</param>
internal sealed record RedisAddress(string Name, string Server)
{
    /// <returns>Null if that is no address.</returns>
    public static RedisAddress? Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var (name, server) = equals < 0 ? (text, text) : (text[..equals], text[(equals + 1)..]);
        var colon = server.LastIndexOf(':');
        var isAddress = colon > 0 && ushort.TryParse(server.AsSpan(colon + 1), out var port) && port > 0
            && Uri.CheckHostName(server[..colon].Trim('[', ']')) != UriHostNameType.Unknown;
        return isAddress && name.Length > 0 ? new(name, server) : null;
    }
}
