using Interactions.Contracts.Batches;

namespace Interactions.Contracts.Grains;

/// <summary>A frontend's batch. Within a process it is handed over as it is; between processes it is bytes, made once.</summary>
[GenerateSerializer, Immutable, Alias("interactions.sendRequest")]
public sealed class SendRequest(ulong creation, Batch batch, string? trace = null)
{
    [NonSerialized]
    private Batch? _batch = batch;

    [NonSerialized]
    private byte[]? _bytes;

    /// <summary>For the serializer.</summary>
    public SendRequest()
        : this(0, null!)
    {
    }

    /// <summary>The creation of the stream that it is for; another is refused with <see cref="Code.NotFound"/>.</summary>
    [Id(0)]
    public ulong Creation { get; internal set; } = creation;

    [Id(1)]
    public byte[] Bytes
    {
        get => _bytes ??= BatchCodec.Encode(_batch!);
        internal set => _bytes = value;
    }

    /// <summary>The <c>traceparent</c> of the batch; null = it is not traced.</summary>
    [Id(2)]
    public string? Trace { get; internal set; } = trace;

    /// <exception cref="InvalidDataException">The bytes are no batch.</exception>
    public Batch Batch => _batch ??= BatchCodec.Decode(_bytes);
}
