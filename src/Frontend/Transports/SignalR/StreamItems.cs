using System.Text.Json;
using Microsoft.AspNetCore.SignalR;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// Frames as items of a call's answer, in the JSON hub protocol. Clients count their calls, so nearly all viewers of a stream
/// have the same small id and share the bytes; for any other choice of ids they are encoded again, and what is held stays bounded
/// (<see cref="Slots"/> items). Safe for concurrent callers.
/// <code>
/// {"type":2,"invocationId":"ID","item":FRAME} 0x1E
/// </code>
/// </summary>
internal sealed class StreamItems
{
    /// <summary>Frames that are sent at the same time, times the ids in use; two that meet in a slot only cost encoding twice.</summary>
    public const int Slots = 256;

    private readonly Item?[] _items = new Item?[Slots];

    /// <param name="frame">Shared, and never changed.</param>
    public SerializedHubMessage Of(InvocationId id, ReadOnlyMemory<byte> frame)
    {
        // Who reads a slot sees a whole item or none, since an item is never changed.
        ref var slot = ref _items[(uint)HashCode.Combine(frame, id) % Slots];
        if (slot is { } there && there.Frame.Equals(frame) && there.Id.Equals(id)) return there.Message;
        var made = new Item(frame, id, new([new SerializedMessage(InteractionsProtocol.JsonName, Encode(id.Value, frame.Span))]));
        slot = made;
        return made.Message;
    }

    private static byte[] Encode(string id, ReadOnlySpan<byte> frame) =>
        [.. "{\"type\":2,\"invocationId\":\""u8, .. JsonEncodedText.Encode(id).EncodedUtf8Bytes, .. "\",\"item\":"u8, .. frame, (byte)'}', InteractionsProtocol.Separator];

    private sealed record Item(ReadOnlyMemory<byte> Frame, InvocationId Id, SerializedHubMessage Message);
}
