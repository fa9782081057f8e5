using Interactions.Contracts.Effects;
using Interactions.Contracts.Views;

namespace Interactions.Contracts.Grains;

/// <summary>What one entry of a stream changed, encoded once for all frontends; within a process it is handed over as it is.</summary>
[GenerateSerializer, Immutable, Alias("interactions.feedPush")]
public sealed class FeedPush(string stream, EntryEffects effects, ShownTime shown = default, string? trace = null)
{
    /// <summary>What Orleans keeps of a message that waits, besides its content.</summary>
    private const int MessageBytes = 256;

    [NonSerialized]
    private EntryEffects? _effects = effects;

    [NonSerialized]
    private byte[]? _bytes;

    /// <summary>For the serializer.</summary>
    public FeedPush()
        : this("", null!)
    {
    }

    [Id(0)]
    public string Stream { get; internal set; } = stream;

    [Id(1)]
    public byte[] Bytes
    {
        get => _bytes ??= EffectCodec.Encode(_effects!);
        internal set => _bytes = value;
    }

    /// <summary>How log times are shown to clients now.</summary>
    [Id(2)]
    public ShownTime Shown { get; internal set; } = shown;

    /// <summary>The <c>traceparent</c> of the entry's fold; null = it is not traced.</summary>
    [Id(3)]
    public string? Trace { get; internal set; } = trace;

    public EntryEffects Effects => _effects ??= EffectCodec.Decode(_bytes);

    /// <summary>About what it costs to keep until it is taken.</summary>
    public int SizeBytes => MessageBytes + Effects.SizeBytes;
}
