using System.Text;

namespace Interactions.Frontend.Fanout;

/// <summary>The last message before the server closes a connection on purpose.</summary>
internal static class Goodbye
{
    public static byte[] Bytes(WireFormat format, int reconnectInMs) => Encoding.ASCII.GetBytes(format == WireFormat.Sse
        ? $"event: bye\ndata: {{\"reconnectInMs\":{reconnectInMs}}}\n\n"
        : $"{{\"t\":\"bye\",\"reconnectInMs\":{reconnectInMs}}}");
}
