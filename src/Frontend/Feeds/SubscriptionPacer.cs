namespace Interactions.Frontend.Feeds;

/// <summary>
/// Lets a frontend that lost a silo subscribe again to thousands of streams without a storm: some calls at a time, those that matter
/// first. A call that takes longer keeps nobody waiting: a silo that hangs must not hold up the streams of others. Safe for
/// concurrent callers.
/// </summary>
internal sealed class SubscriptionPacer(TimeProvider time)
{
    public const int AtOnce = 64;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(25);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, (bool IsLater, long Number)> _waiting = new();
    private long _number;
    private int _free = AtOnce;

    /// <param name="isFirst">Comes before all who wait and are not.</param>
    public async Task<T> RunAsync<T>(bool isFirst, Func<Task<T>> call)
    {
        TaskCompletionSource? turn = null;
        lock (_lock)
        {
            if (_free > 0) _free--;
            else _waiting.Enqueue(turn = new(TaskCreationOptions.RunContinuationsAsynchronously), (!isFirst, _number++));
        }

        if (turn is not null) await turn.Task;
        Task<T> running;
        try
        {
            running = call();
            await Task.WhenAny(running, Task.Delay(Turn, time));
        }
        finally
        {
            Next();
        }

        return await running;
    }

    private void Next()
    {
        TaskCompletionSource? next;
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out next, out _)) _free++;
        }

        next?.SetResult();
    }
}
