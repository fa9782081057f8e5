namespace Interactions.Silo.Logs.Rocks;

/// <summary>A snapshot that can be read.</summary>
internal sealed record StoredSnapshot(long Offset);
