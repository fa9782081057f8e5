using Interactions.Contracts.Effects;

namespace Interactions.Contracts.Views;

/// <summary>
/// What a frontend is given when it subscribes: everything (a view described by effects, and the reach of the ring before it), or
/// what it lacks after the position that it has. Immutable.
/// </summary>
/// <param name="View">The effects that make the view of an empty one, at the head; null: the frontend's own view is gone on with.</param>
/// <param name="Start">The entries begin directly after this position.</param>
/// <param name="Entries">In order, none missing, up to the head.</param>
public sealed record FeedContent(EntryEffects? View, Position Start, IReadOnlyList<EntryEffects> Entries)
{
    /// <summary>Where the frontend stands when it has taken this.</summary>
    public Position Head => View?.Position ?? (Entries.Count > 0 ? Entries[^1].Position : Start);

    /// <summary>Cuts it into pieces of about that size, for a message that takes long holds up all behind it. Entries are cut too, effects are not.</summary>
    public IReadOnlyList<FeedContent> Split(int pieceBytes)
    {
        var (view, size) = (View?.Effects ?? [], 0L);
        foreach (var effect in view) size += effect.SizeBytes;
        foreach (var entry in Entries) size += entry.SizeBytes;
        if (size <= pieceBytes) return [this];
        List<FeedContent> pieces = [];
        foreach (var effects in Cut(view, static effect => effect.SizeBytes, pieceBytes)) pieces.Add(new(View! with { Effects = effects }, Start, []));
        var start = Start;
        foreach (var entries in Cut(Entries.SelectMany(entry => Cut(entry, pieceBytes)), static entry => entry.SizeBytes, pieceBytes))
        {
            pieces.Add(new(null, start, entries));
            start = entries[^1].Position;
        }

        return pieces;
    }

    /// <summary>Puts pieces together again.</summary>
    /// <param name="pieces">All, in order.</param>
    public static FeedContent Join(IReadOnlyList<FeedContent> pieces)
    {
        var view = Join(pieces.Select(static piece => piece.View).OfType<EntryEffects>());
        return new(view.Count == 0 ? null : view[0], pieces[0].Start, Join(pieces.SelectMany(static piece => piece.Entries)));
    }

    public byte[] Encode() => FeedContentCodec.Encode(this);

    /// <exception cref="InvalidDataException">These bytes are no content.</exception>
    public static FeedContent Decode(ReadOnlyMemory<byte> bytes) => FeedContentCodec.Decode(bytes);

    private static List<EntryEffects> Join(IEnumerable<EntryEffects> parts)
    {
        List<EntryEffects> entries = [];
        foreach (var part in parts)
        {
            if (entries.Count > 0 && entries[^1].Position == part.Position) entries[^1] = part with { Effects = [.. entries[^1].Effects, .. part.Effects] };
            else entries.Add(part);
        }

        return entries;
    }

    private static IEnumerable<EntryEffects> Cut(EntryEffects entry, int pieceBytes) => entry.SizeBytes <= pieceBytes || entry.Effects.Count < 2
        ? [entry]
        : Cut(entry.Effects, static effect => effect.SizeBytes + EntryEffects.EffectOverhead, pieceBytes - EntryEffects.Overhead).Select(effects => entry with { Effects = effects });

    private static IEnumerable<T[]> Cut<T>(IEnumerable<T> all, Func<T, int> sizeOf, int pieceBytes)
    {
        List<T> piece = [];
        var size = 0L;
        foreach (var one in all)
        {
            if (piece.Count > 0 && size + sizeOf(one) > pieceBytes)
            {
                yield return [.. piece];
                piece.Clear();
                size = 0;
            }

            piece.Add(one);
            size += sizeOf(one);
        }

        if (piece.Count > 0) yield return [.. piece];
    }
}
