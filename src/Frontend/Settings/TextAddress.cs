using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Interactions.Frontend.Settings;

/// <summary>
/// Addresses as people and proxies write them. The system's parser also takes <c>0</c>, <c>127.1</c>, <c>0x7f.1</c> and <c>010.0.0.1</c>, about which
/// parsers disagree; none of these is an address here.
/// </summary>
internal static class TextAddress
{
    /// <summary>An IPv4 address of four decimal numbers, or an IPv6 address without a zone. One IPv4 address within IPv6 is that IPv4 address.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text.ContainsAny('%', '[', ']') || !IPAddress.TryParse(text, out var parsed)) return false;
        var dots = text[(text.LastIndexOf(':') + 1)..];
        if (dots.Contains('.') && !IsQuad(dots)) return false;
        if (parsed.AddressFamily == AddressFamily.InterNetwork && !IsQuad(text)) return false;
        address = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        return true;
    }

    /// <summary>As the other, also with a port (an IPv6 address is then in brackets), which is ignored.</summary>
    public static bool TryParseWithPort(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        if (text.StartsWith("["))
        {
            var end = text.IndexOf(']');
            return end > 0 && text[1..end].Contains(':') && IsPortOrNothing(text[(end + 1)..]) && TryParse(text[1..end], out address);
        }

        var colon = text.IndexOf(':');
        if (colon < 0 || text.LastIndexOf(':') != colon) return TryParse(text, out address);
        return IsPortOrNothing(text[colon..]) && TryParse(text[..colon], out address);
    }

    private static bool IsPortOrNothing(ReadOnlySpan<char> text) =>
        text.IsEmpty || (text[0] == ':' && text.Length > 1 && ushort.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static bool IsQuad(ReadOnlySpan<char> text)
    {
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (part.Length is < 1 or > 3 || part.ContainsAnyExceptInRange('0', '9') || (part.Length > 1 && part[0] == '0')) return false;
            if (++parts > 4 || int.Parse(part, CultureInfo.InvariantCulture) > byte.MaxValue) return false;
        }

        return parts == 4;
    }
}
