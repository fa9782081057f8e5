using Interactions.Contracts;

namespace Interactions.Silo.Nodes;

/// <summary>A stream as the directory knows it.</summary>
public sealed record DirectoryRow(string Id, string Owner, string Title, StreamStatus Status, ulong Seed, long CreatedAtMs);
