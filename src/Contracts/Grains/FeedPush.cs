using Interactions.Contracts.Effects;

namespace Interactions.Contracts.Grains;

/// <summary>What one entry of a stream changed, encoded once for all frontends; within a process it is handed over as it is.</summary>
[GenerateSerializer, Immutable, Alias("interactions.feedPush")]
public sealed class FeedPush(string stream, EntryEffects effects)
{
    private EntryEffects? _effects = effects;
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

    public EntryEffects Effects => _effects ??= EffectCodec.Decode(_bytes);
}
