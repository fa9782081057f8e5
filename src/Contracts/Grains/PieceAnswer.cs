using Interactions.Contracts.Views;

namespace Interactions.Contracts.Grains;

/// <summary>A piece of what a frontend that subscribes lacks. Within a process it is handed over as it is; between processes it is bytes.</summary>
[GenerateSerializer, Immutable, Alias("interactions.pieceAnswer")]
public sealed class PieceAnswer(Code code, FeedContent? content)
{
    [NonSerialized]
    private FeedContent? _content = content;

    [NonSerialized]
    private byte[]? _bytes;

    /// <summary>For the serializer.</summary>
    public PieceAnswer()
        : this(Code.Internal, null)
    {
    }

    /// <summary><see cref="Code.Accepted"/>; <see cref="Code.Trimmed"/>: it is not kept any more, subscribe again.</summary>
    [Id(0)]
    public Code Code { get; internal set; } = code;

    /// <summary>Null when refused.</summary>
    [Id(1)]
    public byte[]? Bytes
    {
        get => _bytes ??= _content?.Encode();
        internal set => _bytes = value;
    }

    public FeedContent? Content => _content ??= _bytes is null ? null : FeedContent.Decode(_bytes);

    public static PieceAnswer Refused(Code code) => new(code, null);
}
