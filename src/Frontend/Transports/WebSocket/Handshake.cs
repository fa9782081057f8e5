using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>The opening handshake's rules and answer (RFC 6455, 4.2; for HTTP/2 RFC 8441, 5). No extension is ever agreed on.</summary>
internal static class Handshake
{
    public const string Subprotocol = "interactions.v1.json";

    public const string Version = "13";

    private const int KeyBytes = 16;
    private static readonly SearchValues<char> Separators = SearchValues.Create(", \t");

    /// <summary>Whether a list of tokens, as of <c>Connection</c> and <c>Upgrade</c>, has this one.</summary>
    public static bool Lists(ReadOnlySpan<char> header, ReadOnlySpan<char> token, StringComparison comparison = StringComparison.OrdinalIgnoreCase)
    {
        foreach (var range in header.SplitAny(Separators))
        {
            if (header[range].Equals(token, comparison)) return true;
        }

        return false;
    }

    /// <summary>Whether these headers ask for what we speak: version 13 and a key of 16 bytes.</summary>
    public static bool IsAsked(ReadOnlySpan<char> connection, ReadOnlySpan<char> upgrade, ReadOnlySpan<char> version, ReadOnlySpan<char> key)
    {
        Span<byte> bytes = stackalloc byte[KeyBytes + 2];
        return Lists(connection, "upgrade")
            && Lists(upgrade, "websocket")
            && IsOurs(version)
            && key.Trim() is { Length: 24 } text
            && !text.ContainsAny(Separators)
            && Convert.TryFromBase64Chars(text, bytes, out var length)
            && length == KeyBytes;
    }

    /// <summary>As the other, from a whole request's headers; one that says something of this twice does not ask.</summary>
    public static bool IsAsked(IReadOnlyList<(string Name, string Value)> headers) =>
        TryFind(headers, "Connection", out var connection)
        && TryFind(headers, "Upgrade", out var upgrade)
        && TryFind(headers, "Sec-WebSocket-Version", out var version)
        && TryFind(headers, "Sec-WebSocket-Key", out var key)
        && IsAsked(connection, upgrade, version, key);

    /// <summary>As the other, of a request that Kestrel took: in HTTP/1.1 an upgrade, in HTTP/2 a CONNECT with a protocol, which has no key.</summary>
    public static bool IsAsked(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            return "websocket".Equals(connect.Protocol, StringComparison.OrdinalIgnoreCase) && IsOurs(headers.SecWebSocketVersion.ToString());
        return HttpMethods.IsGet(http.Request.Method)
            && http.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            && IsAsked(headers.Connection.ToString(), headers.Upgrade.ToString(), headers.SecWebSocketVersion.ToString(), headers.SecWebSocketKey.ToString());
    }

    /// <summary>Whether the client offers our subprotocol, which is then agreed on; names are compared by case.</summary>
    public static bool OffersSubprotocol(ReadOnlySpan<char> protocols) => Lists(protocols, Subprotocol, StringComparison.Ordinal);

    /// <summary>Makes this the answer that opens the WebSocket which the request, found to ask for one, asks for.</summary>
    public static void Answer(IHeaderDictionary request, HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status101SwitchingProtocols;
        response.Headers.Upgrade = "websocket";
        response.Headers.SecWebSocketAccept = Accept(request.SecWebSocketKey.ToString());
        Agree(request, response);
    }

    /// <summary>Answers such a request, and gives what its bytes go through from then on, both ways.</summary>
    public static async Task<Stream> AcceptAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            Agree(http.Request.Headers, http.Response);
            return await connect.AcceptAsync();
        }

        Answer(http.Request.Headers, http.Response);
        return await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
    }

    /// <summary><c>Sec-WebSocket-Accept</c>: proof that the key was read by one who knows this protocol, and of nothing else.</summary>
    public static string Accept(ReadOnlySpan<char> key)
    {
        Span<byte> text = stackalloc byte[24 + 36];
        Encoding.ASCII.GetBytes(key.Trim(), text);
        "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"u8.CopyTo(text[24..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The RFC says SHA-1; nothing is kept secret by it.
        SHA1.HashData(text, hash);
#pragma warning restore CA5350
        return Convert.ToBase64String(hash);
    }

    private static bool IsOurs(ReadOnlySpan<char> version) => version.Trim().SequenceEqual(Version);

    private static void Agree(IHeaderDictionary request, HttpResponse response)
    {
        if (OffersSubprotocol(request.SecWebSocketProtocol.ToString())) response.Headers.SecWebSocketProtocol = Subprotocol;
    }

    private static bool TryFind(IReadOnlyList<(string Name, string Value)> headers, string name, out string value)
    {
        value = "";
        var count = 0;
        foreach (var header in headers)
        {
            if (!header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            value = header.Value;
            count++;
        }

        return count == 1;
    }
}
