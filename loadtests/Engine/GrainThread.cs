using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Interactions.Engine;

/// <summary>Turns as a grain has them, on a thread of its own, so that its processor time can be read apart from everything else's.</summary>
internal sealed partial class GrainThread : TaskScheduler, IDisposable
{
    private const int ThreadProcessorTime = 3; // CLOCK_THREAD_CPUTIME_ID

    private readonly BlockingCollection<Task> _turns = [];
    private readonly Thread _thread;
    private long _usedTicks;

    public GrainThread()
    {
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public TimeSpan ProcessorTime => TimeSpan.FromTicks(Volatile.Read(ref _usedTicks));

    public Task<T> RunAsync<T>(Func<Task<T>> turn) => Task.Factory.StartNew(turn, CancellationToken.None, TaskCreationOptions.None, this).Unwrap();

    public void Dispose() => _turns.CompleteAdding();

    protected override void QueueTask(Task task)
    {
        if (!_turns.IsAddingCompleted) _turns.Add(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => Thread.CurrentThread == _thread && !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _turns;

    private void Run()
    {
        foreach (var turn in _turns.GetConsumingEnumerable())
        {
            TryExecuteTask(turn);
            _ = GetTime(ThreadProcessorTime, out var now);
            Volatile.Write(ref _usedTicks, (now.Seconds * TimeSpan.TicksPerSecond) + (now.Nanoseconds / 100));
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
