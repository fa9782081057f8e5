using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Interactions.Frontend.Transports.Listener;

/// <summary>Puts an answer into the bytes of HTTP/1.1. The connection ends with it, or changes its protocol.</summary>
internal static class RawAnswer
{
    /// <summary>To one that took too long over its request.</summary>
    public static readonly byte[] TooSlow = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    /// <param name="body">All of it, or how it begins.</param>
    public static byte[] Encode(HttpResponse response, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var text = new StringBuilder(512);
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {response.StatusCode} {ReasonPhrases.GetReasonPhrase(response.StatusCode)}\r\n");
        text.Append(CultureInfo.InvariantCulture, $"Date: {now:R}\r\n");
        text.Append(response.StatusCode == StatusCodes.Status101SwitchingProtocols ? "Connection: Upgrade\r\n" : "Connection: close\r\n");
        foreach (var (name, values) in response.Headers)
        {
            foreach (var value in values) text.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        text.Append("\r\n");
        var bytes = new byte[text.Length + body.Length];
        var at = 0;
        foreach (var chunk in text.GetChunks()) at += Encoding.Latin1.GetBytes(chunk.Span, bytes.AsSpan(at));
        body.CopyTo(bytes.AsSpan(at));
        return bytes;
    }
}
