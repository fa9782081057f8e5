namespace Interactions.Frontend.Api;

/// <summary>
/// Work that is done once for everyone who asks before it begins, one at a time, so that it costs the same however many ask. What
/// one is answered was begun after asking. Safe for concurrent callers.
/// </summary>
/// <param name="apart">The least time from one beginning to the next.</param>
internal sealed class SharedWork<T>(Func<Task<T>> work, TimeSpan apart, TimeProvider time)
{
    private readonly Lock _lock = new();
    private Task<T>? _next;
    private Task _last = Task.CompletedTask;
    private long? _begun;

    /// <summary>Whoever stops waiting stops nobody else.</summary>
    public Task<T> DoAsync(CancellationToken cancellationToken)
    {
        Task<T> next;
        lock (_lock) next = _next ??= InTurnAsync(_last);
        return next.WaitAsync(cancellationToken);
    }

    private async Task<T> InTurnAsync(Task last)
    {
        await Task.Yield(); // out of the lock
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_begun is { } begun && apart - time.GetElapsedTime(begun) is var early && early > TimeSpan.Zero) await Task.Delay(early, time);
        lock (_lock)
        {
            (_last, _next) = (_next!, null);
            _begun = time.GetTimestamp();
        }

        return await work();
    }
}
