namespace Interactions.Silo.Logs;

/// <summary>The two newest snapshots of one epoch of a stream. Not thread-safe.</summary>
internal sealed class SnapshotPair<T> where T : class
{
    public Held? Newest { get; private set; }

    public Held? SecondNewest { get; private set; }

    /// <summary>False if it is not newer than the newest.</summary>
    /// <param name="dropped">The one that had to go.</param>
    public bool TryPut(long offset, long atMs, T value, out Held? dropped)
    {
        dropped = null;
        if (Newest is { } newest && offset <= newest.Offset) return false;
        dropped = SecondNewest;
        SecondNewest = Newest;
        Newest = new Held(offset, atMs, value);
        return true;
    }

    /// <summary>The newest that is not newer than this; if both are, the older one.</summary>
    public T? Choose(long notAfterMs)
    {
        if (Newest is { } newest && (newest.AtMs <= notAfterMs || SecondNewest is null)) return newest.Value;
        return SecondNewest?.Value;
    }

    internal sealed record Held(long Offset, long AtMs, T Value);
}
