namespace Interactions.Frontend.Feeds;

/// <summary>How much waits for all streams together. Safe for concurrent callers.</summary>
internal sealed class WaitingBytes(long most)
{
    private long _held;

    /// <summary>Whether there is room for more; what is added then may exceed it by one sender's items.</summary>
    public bool HasRoom => Interlocked.Read(ref _held) < most;

    public void Change(long bytes) => Interlocked.Add(ref _held, bytes);
}
