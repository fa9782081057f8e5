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

    public byte[] Encode() => FeedContentCodec.Encode(this);

    /// <exception cref="InvalidDataException">These bytes are no content.</exception>
    public static FeedContent Decode(ReadOnlyMemory<byte> bytes) => FeedContentCodec.Decode(bytes);
}
