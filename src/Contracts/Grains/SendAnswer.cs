using Interactions.Contracts.Batches;

namespace Interactions.Contracts.Grains;

/// <summary>What became of a batch. Within a process it is handed over as it is; between processes it is bytes.</summary>
[GenerateSerializer, Immutable, Alias("interactions.sendAnswer")]
public sealed class SendAnswer(Code code, ItemResult[] results)
{
    [NonSerialized]
    private ItemResult[]? _results = results;

    [NonSerialized]
    private byte[]? _bytes;

    /// <summary>For the serializer.</summary>
    public SendAnswer()
        : this(Code.Internal, null!)
    {
    }

    /// <summary>
    /// <see cref="Code.Accepted"/>: each item has its result. Else none was taken for sure, or, with <see cref="Code.Unavailable"/>, the
    /// outcome is unknown and the same sequence is to be sent again.
    /// </summary>
    [Id(0)]
    public Code Code { get; internal set; } = code;

    [Id(1)]
    public byte[] Bytes
    {
        get => _bytes ??= ResultCodec.Encode(_results ?? []);
        internal set => _bytes = value;
    }

    /// <summary>In the order of the items; empty unless accepted.</summary>
    public ItemResult[] Results => _results ??= ResultCodec.Decode(_bytes);

    public static SendAnswer Refused(Code code) => new(code, []);
}
