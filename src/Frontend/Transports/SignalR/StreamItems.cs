using System.Runtime.InteropServices;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

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
        // Readers see a whole item or none, since it is never changed.
        ref var slot = ref _items[(uint)HashCode.Combine(frame, id.Value) % Slots];
        if (slot is { } there && there.Frame.Equals(frame) && there.Id == id.Value) return there.Message;
        var made = new Item(frame, id.Value, new([new SerializedMessage(InteractionsProtocol.JsonName, Encode(id, frame.Span))]));
        slot = made;
        return made.Message;
    }

    private static byte[] Encode(InvocationId id, ReadOnlySpan<byte> frame) => [.. id.ItemHead, .. frame, (byte)'}', InteractionsProtocol.Separator];

    private sealed record Item(ReadOnlyMemory<byte> Frame, string Id, SerializedHubMessage Message);
}
