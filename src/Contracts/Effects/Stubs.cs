using Interactions.Contracts.Views;

namespace Interactions.Contracts.Effects;

// Placeholders until the real codecs are here (EffectCodec, Views.FeedContentCodec): delete this file with them.
internal static class EffectCodec
{
    public static byte[] Encode(EntryEffects effects) => throw new NotSupportedException(effects.ToString());

    public static EntryEffects Decode(ReadOnlyMemory<byte> bytes) => throw new NotSupportedException(bytes.ToString());
}

internal static class FeedContentCodec
{
    public static byte[] Encode(FeedContent content) => throw new NotSupportedException(content.ToString());

    public static FeedContent Decode(ReadOnlyMemory<byte> bytes) => throw new NotSupportedException(bytes.ToString());
}
