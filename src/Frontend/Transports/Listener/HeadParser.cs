using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Interactions.Contracts;

namespace Interactions.Frontend.Transports.Listener;

/// <summary>
/// Tells live requests from everything else. It takes only what has one reading (RFC 9112): a plain path, CRLF, one
/// sensible <c>Host</c>, visible ASCII, no body, no more than <see cref="MostBytes"/> and <see cref="MostHeaders"/>.
/// Whatever it would have to think about it leaves to Kestrel, so there is one set of answers to odd requests.
/// <code>
/// GET /v1/streams/ID/events?QUERY HTTP/1.1 CRLF
/// Name: value CRLF … CRLF
/// </code>
/// </summary>
internal static class HeadParser
{
    public const int MostBytes = 16 * 1024;
    public const int MostHeaders = 100;

    private static readonly SearchValues<byte> IdBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"u8);
    private static readonly SearchValues<byte> HostBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-"u8);
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~"u8);

    // A fragment is not sent by clients; Kestrel has an opinion about those who do.
    private static readonly SearchValues<byte> QueryBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?@!$&'()*+,;=%"u8);

    private static ReadOnlySpan<byte> Start => "GET /v1/streams/"u8;

    /// <param name="bytes">What has come so far.</param>
    /// <param name="head">When live.</param>
    public static HeadVerdict Read(ReadOnlySpan<byte> bytes, out RequestHead? head)
    {
        head = null;
        if (bytes.Length < Start.Length) return Start.StartsWith(bytes) ? HeadVerdict.Incomplete : HeadVerdict.NotLive;
        if (!bytes.StartsWith(Start)) return HeadVerdict.NotLive;

        // The path can be told before the rest of the head is there.
        var rest = bytes[Start.Length..];
        var length = rest.IndexOfAnyExcept(IdBytes);
        if (length < 0) return rest.Length > StreamIds.MaxLength ? HeadVerdict.NotLive : HeadVerdict.Incomplete;
        if (length is 0 or > StreamIds.MaxLength) return HeadVerdict.NotLive;
        var id = rest[..length];
        rest = rest[length..];
        if (!TryReadEnd(rest, out var isSocket, out var isShort)) return isShort ? HeadVerdict.Incomplete : HeadVerdict.NotLive;

        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return bytes.Length >= MostBytes || HasBareFeed(bytes) ? HeadVerdict.NotLive : HeadVerdict.Incomplete;
        if (end + 4 > MostBytes) return HeadVerdict.NotLive;
        var lines = bytes[..(end + 2)];
        var lineEnd = lines.IndexOf("\r\n"u8);
        if (!TryReadQuery(rest["/events"u8.Length..(lineEnd - Start.Length - length)], out var query)) return HeadVerdict.NotLive;
        if (!TryReadHeaders(lines[(lineEnd + 2)..], out var headers)) return HeadVerdict.NotLive;
        head = new RequestHead(Encoding.ASCII.GetString(id), isSocket, query, headers, end + 4);
        return HeadVerdict.Live;
    }

    // "/events" or "/socket", then a space or a question mark.
    private static bool TryReadEnd(ReadOnlySpan<byte> rest, out bool isSocket, out bool isShort)
    {
        isSocket = rest.Length > 1 && rest[1] == 's';
        var wanted = isSocket ? "/socket"u8 : "/events"u8;
        var there = rest[..Math.Min(rest.Length, wanted.Length)];
        isShort = wanted.StartsWith(there) && rest.Length <= wanted.Length;
        return rest.Length > wanted.Length && there.SequenceEqual(wanted) && rest[wanted.Length] is (byte)' ' or (byte)'?';
    }

    private static bool TryReadQuery(ReadOnlySpan<byte> rest, out string query)
    {
        query = "";
        var version = " HTTP/1.1"u8;
        if (!rest.EndsWith(version)) return false;
        var target = rest[..^version.Length];
        if (target.IsEmpty) return true;
        if (target[0] != '?' || target.ContainsAnyExcept(QueryBytes)) return false;
        query = Encoding.ASCII.GetString(target);
        return true;
    }

    private static bool TryReadHeaders(ReadOnlySpan<byte> lines, [NotNullWhen(true)] out List<(string Name, string Value)>? headers)
    {
        headers = new(16);
        var hosts = 0;
        while (!lines.IsEmpty)
        {
            if (headers.Count == MostHeaders) return false;
            var end = lines.IndexOf("\r\n"u8);
            var line = lines[..end];
            lines = lines[(end + 2)..];
            var colon = line.IndexOf((byte)':');
            if (colon < 1) return false;
            var name = line[..colon];
            var value = line[(colon + 1)..].Trim(" \t"u8);
            if (name.ContainsAnyExcept(NameBytes) || value.ContainsAnyExceptInRange((byte)' ', (byte)'~')) return false;
            var text = Encoding.ASCII.GetString(name);
            if (text.Equals("Host", StringComparison.OrdinalIgnoreCase) && (++hosts > 1 || !IsHost(value))) return false;
            if (text.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) || text.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
                || text.Equals("Expect", StringComparison.OrdinalIgnoreCase) || text.Equals("Trailer", StringComparison.OrdinalIgnoreCase))
                return false;
            headers.Add((text, Encoding.ASCII.GetString(value)));
        }

        return hosts == 1;
    }

    // A name or an IPv4 address, or an IPv6 address in brackets, and perhaps a port.
    private static bool IsHost(ReadOnlySpan<byte> host)
    {
        var name = host;
        var colon = host.LastIndexOf((byte)':');
        if (colon >= 0 && (host[0] != '[' || host[colon - 1] == ']'))
        {
            var port = host[(colon + 1)..];
            if (port.Length is < 1 or > 5 || port.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return false;
            name = host[..colon];
        }

        if (name is [(byte)'[', .. var address, (byte)']'])
            return System.Net.IPAddress.TryParse(Encoding.ASCII.GetString(address), out _) && !address.Contains((byte)'%');
        return !name.IsEmpty && !name.ContainsAnyExcept(HostBytes);
    }

    private static bool HasBareFeed(ReadOnlySpan<byte> bytes)
    {
        for (var at = bytes.IndexOf((byte)'\n'); at >= 0;)
        {
            if (at == 0 || bytes[at - 1] != '\r') return true;
            bytes = bytes[(at + 1)..];
            at = bytes.IndexOf((byte)'\n');
        }

        return false;
    }
}
