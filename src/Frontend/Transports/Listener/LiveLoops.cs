namespace Interactions.Frontend.Transports.Listener;

/// <summary>The loops of this process: one a core, as many as can be of use. Threads start when something is listened on.</summary>
internal sealed class LiveLoops(TimeProvider time, ILogger<LiveLoop> logger) : IDisposable
{
    /// <summary>How long a connection may take over its first request's head.</summary>
    public static readonly TimeSpan RequestWithin = TimeSpan.FromSeconds(10);

    private const int Most = 8;

    private readonly Lock _lock = new();
    private LiveLoop[] _loops = [];
    private uint _next;

    public LiveTable Table { get; } = new();

    /// <summary>The loop for the next connection or listening socket.</summary>
    public LiveLoop Next()
    {
        var loops = Volatile.Read(ref _loops);
        if (loops.Length == 0) loops = Start();
        return loops[(int)(Interlocked.Increment(ref _next) % (uint)loops.Length)];
    }

    public void Dispose()
    {
        foreach (var connection in Table.All()) connection.Abort();
        foreach (var loop in _loops) loop.Dispose();
    }

    private LiveLoop[] Start()
    {
        lock (_lock)
        {
            if (_loops.Length == 0)
                Volatile.Write(ref _loops, [.. Enumerable.Range(0, Math.Clamp(Environment.ProcessorCount, 1, Most)).Select(_ => new LiveLoop(Table, RequestWithin, time, logger))]);
            return _loops;
        }
    }
}
