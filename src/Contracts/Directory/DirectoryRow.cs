namespace Interactions.Contracts.Directory;

/// <summary>A stream as the directory knows it.</summary>
/// <param name="Creation">Names the creation, for an id may be used again after a deletion.</param>
/// <param name="Store">Which of the log's servers has it; null where there is only one.</param>
/// <param name="IsDeleting">Whether it is gone for everyone and its log is being erased.</param>
[GenerateSerializer, Immutable, Alias("interactions.directoryRow")]
public sealed record DirectoryRow(
    string Id, string Owner, string Title, StreamStatus Status, ulong Creation, long CreatedAtMs, string? Store = null, bool IsDeleting = false);
