using Interactions.Contracts.Interactions;

namespace Interactions.Contracts.Batches;

/// <summary>One thing inside an entry of a log.</summary>
public abstract record BatchItem;

/// <summary>An interaction that is judged by the fold.</summary>
/// <param name="User">The token's <c>sub</c>.</param>
/// <param name="Name">The token's <c>name</c>, or the user id.</param>
/// <param name="Moderates">Whether the token may moderate this stream (for deleting others' comments).</param>
/// <param name="Key">The idempotency key's 128-bit hash; 0 = none.</param>
/// <param name="Interaction">What was sent.</param>
public sealed record Submitted(string User, string Name, bool Moderates, UInt128 Key, Interaction Interaction) : BatchItem;

/// <summary>The sum of anonymous taps of one kind.</summary>
public sealed record Taps(string Kind, long Count) : BatchItem;

/// <summary>Creates the stream (the first one in a log) or changes its settings.</summary>
/// <param name="Owner">The creator's <c>sub</c>; only the first counts.</param>
/// <param name="Seed">Seeds the hashes of user ids; only the first counts.</param>
/// <param name="Patch">What changes.</param>
public sealed record Configured(string Owner, ulong Seed, SettingsPatch Patch) : BatchItem;

/// <summary>The stream went live or ended. Going back is ignored.</summary>
public sealed record StatusSet(StreamStatus Status) : BatchItem;

/// <summary>A node's own count of viewer connections.</summary>
public sealed record ViewersCounted(string Node, int Count) : BatchItem;

/// <summary>A node is gone, and its viewers with it. Idempotent.</summary>
public sealed record NodeGone(string Node) : BatchItem;

public sealed record RosterJoined(string Node, string User, string Name) : BatchItem;

public sealed record RosterLeft(string Node, string User) : BatchItem;

/// <summary>Only in <see cref="StreamIds.Directory"/>: a stream is created. The first listing of an id stands until the stream is unlisted.</summary>
/// <remarks>Earlier versions also wrote it, with the same seed, when the title or status of a listed stream changed.</remarks>
public sealed record StreamListed(string Id, string Owner, string Title, StreamStatus Status, ulong Seed, long CreatedAtMs, string? Store = null) : BatchItem;

/// <summary>
/// Only in <see cref="StreamIds.Directory"/>: a node is about to change a stream, so its row may be out of date until
/// <see cref="StreamChanged"/> names the same change. Without effect if the stream of this seed is not listed.
/// </summary>
/// <param name="Change">Names the change; unique.</param>
/// <param name="Creation">The settings of a stream that is being created; null for any other change.</param>
public sealed record StreamChanging(string Id, ulong Seed, string Change, SettingsPatch? Creation = null) : BatchItem;

/// <summary>Only in <see cref="StreamIds.Directory"/>: what the stream of this seed shows now.</summary>
/// <param name="Change">The change that is finished by this; null: none.</param>
public sealed record StreamChanged(string Id, ulong Seed, string Title, StreamStatus Status, string? Change = null) : BatchItem;

/// <summary>
/// Only in <see cref="StreamIds.Directory"/>: the stream of this seed is gone for everyone, and its log is about to be erased.
/// Its id is free again after <see cref="StreamUnlisted"/>. The first deletion of a stream stands.
/// </summary>
/// <param name="Change">Names the deletion; unique.</param>
public sealed record StreamDeleting(string Id, ulong Seed, string Change) : BatchItem;

/// <summary>Only in <see cref="StreamIds.Directory"/>: a stream was deleted and its log is erased.</summary>
/// <param name="Seed">The stream that is meant; null, as earlier versions wrote it: whichever has the id.</param>
public sealed record StreamUnlisted(string Id, ulong? Seed = null) : BatchItem;
