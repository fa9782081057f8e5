namespace Interactions.Frontend.Transports.SignalR;

/// <summary>
/// How many <c>Watch</c> calls of one connection are under way. Each is a viewer of its own, which no cap on connections sees, so
/// there is a limit of their number. Safe for concurrent callers.
/// </summary>
internal sealed class ActiveWatches
{
    /// <summary>More than any page shows; a client that wants more opens another connection, which counts.</summary>
    public const int Most = 100;

    private int _count;
    private TaskCompletionSource<string>? _ending;

    /// <summary>Why the connection ended (see <see cref="Telemetry.CloseReasons"/>), once that is known.</summary>
    public Task<string> Ending => Source.Task;

    private TaskCompletionSource<string> Source => LazyInitializer.EnsureInitialized(ref _ending, static () => new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <returns>False: as many as may be are under way; nothing was begun.</returns>
    public bool TryBegin()
    {
        if (Interlocked.Increment(ref _count) <= Most) return true;
        Interlocked.Decrement(ref _count);
        return false;
    }

    public void End() => Interlocked.Decrement(ref _count);

    /// <summary>The connection is over.</summary>
    public void EndAll(string reason) => Source.TrySetResult(reason);
}
