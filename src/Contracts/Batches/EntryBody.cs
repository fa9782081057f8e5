namespace Interactions.Contracts.Batches;

/// <summary>The decoded form of <see cref="Log.Entry.Body"/>: the batches of all frontends that arrived within one tick.</summary>
/// <param name="Rules">The version of the rules by which its items are decided.</param>
/// <param name="Batches">In order. The INDEX of an id counts the items of all of them.</param>
public sealed record EntryBody(byte Rules, IReadOnlyList<Batch> Batches);
