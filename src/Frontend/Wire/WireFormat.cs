namespace Interactions.Frontend.Wire;

/// <summary>How a frame is wrapped; each is encoded once per frame.</summary>
internal enum WireFormat : byte
{
    /// <summary><c>event: frame\nid: POSITION\ndata: {…}\n\n</c></summary>
    Sse,

    /// <summary><c>{"t":"frame",…}</c></summary>
    Tagged,

    /// <summary>As <see cref="Tagged"/>, with the WebSocket frame's header before it.</summary>
    Framed,
}
