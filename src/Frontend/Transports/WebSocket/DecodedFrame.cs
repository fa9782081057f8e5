namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>What a <see cref="FrameDecoder"/> made of the bytes it was given.</summary>
internal enum DecodedFrame : byte
{
    /// <summary>Nothing whole yet; all bytes are taken.</summary>
    Nothing,

    /// <summary>A text message: valid UTF-8, unmasked, in one piece.</summary>
    Message,

    Ping,

    Pong,

    /// <summary>The other side closes; nothing that follows counts.</summary>
    Close,

    /// <summary>The rules are broken; close with the decoder's code. Nothing that follows counts.</summary>
    Broken,
}
