using Interactions.Contracts.Views;

namespace Interactions.Contracts.Grains;

/// <summary>What a frontend that subscribes lacks, or the first piece of it. Within a process it is handed over as it is; between processes it is bytes.</summary>
[GenerateSerializer, Immutable, Alias("interactions.subscribeAnswer")]
public sealed class SubscribeAnswer(Code code, ulong creation, string silo, FeedContent? content, ShownTime shown = default, bool countsViewers = false, int pieces = 1, long token = 0)
{
    [NonSerialized]
    private FeedContent? _content = content;

    [NonSerialized]
    private byte[]? _bytes;

    /// <summary>For the serializer.</summary>
    public SubscribeAnswer()
        : this(Code.Internal, 0, "", null)
    {
    }

    /// <summary><see cref="Code.Accepted"/>, or why it is not subscribed.</summary>
    [Id(0)]
    public Code Code { get; internal set; } = code;

    /// <summary>The creation of the stream.</summary>
    [Id(1)]
    public ulong Creation { get; internal set; } = creation;

    /// <summary>The silo that has the stream now: its lease is what keeps the subscription.</summary>
    [Id(2)]
    public string Silo { get; internal set; } = silo;

    /// <summary>Null when refused.</summary>
    [Id(3)]
    public byte[]? Bytes
    {
        get => _bytes ??= _content?.Encode();
        internal set => _bytes = value;
    }

    /// <summary>How log times are shown to clients now.</summary>
    [Id(4)]
    public ShownTime Shown { get; internal set; } = shown;

    /// <summary>Whether the stream counts viewers of this frontend. If it has some and this is false, it was taken for gone: it is to announce them again.</summary>
    [Id(5)]
    public bool CountsViewers { get; internal set; } = countsViewers;

    /// <summary>In how many pieces the content is given, this one included.</summary>
    [Id(6)]
    public int Pieces { get; internal set; } = pieces;

    /// <summary>Names the content in calls for its other pieces.</summary>
    [Id(7)]
    public long Token { get; internal set; } = token;

    public FeedContent? Content => _content ??= _bytes is null ? null : FeedContent.Decode(_bytes);

    public static SubscribeAnswer Refused(Code code) => new(code, 0, "", null);
}
