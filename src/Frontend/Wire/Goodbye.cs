using System.Text;

namespace Interactions.Frontend.Wire;

/// <summary>The last message before the server closes a connection on purpose.</summary>
internal static class Goodbye
{
    public static byte[] Bytes(WireFormat format, int reconnectInMs) => format switch
    {
        WireFormat.Sse => Encoding.ASCII.GetBytes($"event: bye\ndata: {{\"reconnectInMs\":{reconnectInMs}}}\n\n"),
        WireFormat.Framed => ServerFrame.Text(Tagged(reconnectInMs)),
        _ => Tagged(reconnectInMs),
    };

    private static byte[] Tagged(int reconnectInMs) => Encoding.ASCII.GetBytes($"{{\"t\":\"bye\",\"reconnectInMs\":{reconnectInMs}}}");
}
