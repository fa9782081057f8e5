using System.Text;
using System.Text.Json;

namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// What a client calls one of its calls. A parameter of this type is never bound to what the client sends:
/// <see cref="InteractionsProtocol"/> hides it and fills it in.
/// </summary>
public sealed class InvocationId(string id)
{
    private readonly byte[] _itemHead = Encoding.ASCII.GetBytes($$"""{"type":2,"invocationId":"{{JsonEncodedText.Encode(id)}}","item":""");

    /// <summary>The id as the client wrote it.</summary>
    public string Value { get; } = id;

    /// <summary>What stands before an item of the call's answer, in the JSON hub protocol.</summary>
    internal ReadOnlySpan<byte> ItemHead => _itemHead;
}
