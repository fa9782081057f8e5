
namespace Interactions.Frontend.Wire;

/// <summary>What a quiet connection is sent, so that both sides and all between them know that it lives.</summary>
internal static class Heartbeat
{
    private static readonly byte[] SseComment = ":\n\n"u8.ToArray();

    /// <summary>Empty where the transport pings by itself.</summary>
    public static ReadOnlyMemory<byte> Bytes(WireFormat format) => format switch
    {
        WireFormat.Sse => SseComment,
        WireFormat.Framed => ServerFrame.Ping,
        _ => default,
    };
}
