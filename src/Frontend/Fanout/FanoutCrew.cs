namespace Interactions.Frontend.Fanout;

/// <summary>
/// As many threads as cores that close and deliver frames, for all rooms. Threads of their own, because in the pool's
/// queue a tick would wait behind whatever the API has to do. They start with the first work. Safe for any thread.
/// </summary>
internal sealed class FanoutCrew : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<IFanoutWork> _work = new();
    private int _started;
    private int _resting;
    private bool _over;

    public static int Size { get; } = Environment.ProcessorCount;

    /// <summary>Does it as soon as a thread is free, in the order of the calls.</summary>
    public void Run(IFanoutWork work)
    {
        lock (_gate)
        {
            _work.Enqueue(work);
            if (_resting > 0) Monitor.Pulse(_gate);
            else if (_started < Size && !_over)
            {
                _started++;
                new Thread(Serve) { IsBackground = true, Name = "fan-out" }.Start();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _over = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Serve()
    {
        while (true)
        {
            IFanoutWork? work;
            lock (_gate)
            {
                while (!_work.TryDequeue(out work))
                {
                    if (_over) return;
                    _resting++;
                    Monitor.Wait(_gate);
                    _resting--;
                }
            }

            work.Work();
        }
    }
}
