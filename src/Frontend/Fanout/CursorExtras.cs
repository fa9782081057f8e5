using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Fanout;

/// <summary>What a <see cref="Cursor"/> needs only when its sink is slow or its end has come. Under the cursor's lock.</summary>
internal sealed class CursorExtras
{
    /// <summary>Not sent yet, oldest first; null when there are none, so that a burst of them is not held on to.</summary>
    public Queue<ReadOnlyMemory<byte>>? Replies { get; set; }

    public TaskCompletionSource<CloseReason?>? Ended { get; set; }

    public TaskCompletionSource? Settled { get; set; }

    /// <summary>Null = the viewer keeps up.</summary>
    public Pace? Pace { get; set; }

    /// <summary>What had not arrived when a stalled viewer was looked after the last time, in bytes.</summary>
    public int Backlog { get; set; }

    public CloseReason? Reason { get; set; }

    /// <summary>Null = no goodbye.</summary>
    public int? ReconnectInMs { get; set; }
}
