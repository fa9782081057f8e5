namespace Interactions.Silo.Logs.File;

/// <summary>Where a snapshot's record lies.</summary>
internal sealed record StoredSnapshot(int Segment, long Location);
