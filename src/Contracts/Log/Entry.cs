namespace Interactions.Contracts.Log;

/// <summary>One ordered, durable entry of a stream's log: what was taken in one tick.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="AtMs">Log time, ms since 1970 UTC: never less than the entry's before it.</param>
/// <param name="Writer">The activation that wrote it: 1–32 ASCII letters and digits, new for each.</param>
/// <param name="Number">The writer's own number of it, greater than that of its last one. With the writer it names the attempt.</param>
/// <param name="Body">1 byte to 4 MB, opaque to the log; see <see cref="Batches.EntryCodec"/>.</param>
[GenerateSerializer, Immutable, Alias("interactions.entry")]
public sealed record Entry(Position Position, long AtMs, string Writer, long Number, ReadOnlyMemory<byte> Body);
