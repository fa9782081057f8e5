using Interactions.Contracts;

namespace Interactions.Silo.Nodes;

/// <summary>A stream as the directory knows it.</summary>
/// <param name="Store">Which of the log's stores has it; null where there is only one.</param>
public sealed record DirectoryRow(string Id, string Owner, string Title, StreamStatus Status, ulong Seed, long CreatedAtMs, string? Store = null);
