namespace Interactions.Contracts.Timing;

/// <summary>
/// Runs things when they are due, for any number of streams on one timer (a timer per stream would cost more
/// than a quiet stream does). Runs on the thread pool; resolution about 1 ms.
/// </summary>
public sealed class DeadlineQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<IDue, long> _queue = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;

    public DeadlineQueue(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static state => ((DeadlineQueue)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Now, on this queue's clock, in ms; monotonic.</summary>
    public long NowMs => _time.GetTimestamp() / (_time.TimestampFrequency / 1000);

    /// <summary>Calls <see cref="IDue.Due"/> once, at or soon after <paramref name="dueMs"/>.</summary>
    public void Schedule(IDue target, long dueMs)
    {
        lock (_lock)
        {
            _queue.Enqueue(target, dueMs);
            Arm();
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        while (true)
        {
            IDue? due;
            lock (_lock)
            {
                _armedFor = long.MaxValue;
                if (!_queue.TryPeek(out due, out var at) || at > NowMs)
                {
                    Arm();
                    return;
                }

                _queue.Dequeue();
            }

            due.Due();
        }
    }

    private void Arm()
    {
        if (!_queue.TryPeek(out _, out var at) || at >= _armedFor) return;
        _armedFor = at;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, at - NowMs)), Timeout.InfiniteTimeSpan);
    }
}
