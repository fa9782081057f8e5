using Interactions.Contracts.Log;

namespace Interactions.Silo.Logs;

/// <summary>The two newest snapshots of a stream, which are all that are kept. Immutable.</summary>
internal readonly record struct SnapshotPair(LogSnapshot? Older, LogSnapshot? Newest)
{
    /// <summary>The offset of the newest one; 0 = there is none.</summary>
    public long NewestOffset => Newest?.Position.Offset ?? 0;

    /// <summary>With one that is newer than both.</summary>
    public SnapshotPair With(LogSnapshot snapshot) => new(Newest, snapshot);

    /// <summary>The newest that is not newer than this; if both are, the older one.</summary>
    public LogSnapshot? Choose(long notAfterMs) => Older is null || Newest?.AtMs <= notAfterMs ? Newest : Older;
}
