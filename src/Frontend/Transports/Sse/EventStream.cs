using System.Globalization;
using System.Text;

namespace Interactions.Frontend.Transports.Sse;

/// <summary>What an event stream begins with, and asks of its request, on either way.</summary>
internal static class EventStream
{
    /// <summary>Where the client says it is: a browser that reconnects by itself sets the header.</summary>
    public static string Resume(HttpRequest request) =>
        request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : request.Query["position"].ToString();

    /// <summary>Sets the answer's headers.</summary>
    /// <returns>The first bytes of its body.</returns>
    public static byte[] Begin(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";

        // Jittered per connection, so that viewers who are cut together come back apart.
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {Random.Shared.Next(1000, 5000)}\n\n"));
    }
}
