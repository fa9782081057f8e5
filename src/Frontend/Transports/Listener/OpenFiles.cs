namespace Interactions.Frontend.Transports.Listener;

/// <summary>
/// How many files the process may have open, what of it is left to connections, and one line a minute at most when that is used up.
/// Safe for concurrent callers.
/// </summary>
/// <param name="most">The limit, of all files.</param>
internal sealed partial class OpenFiles(int most, TimeProvider time, ILogger<OpenFiles> logger)
{
    // Every assembly, table of the log and thread that is begun later takes descriptors; without one the runtime ends the process.
    private const int MostReserved = 128;
    private const int ReservedShare = 8;

    private static readonly TimeSpan SayEvery = TimeSpan.FromMinutes(1);

    private readonly int _end = most - Math.Min(MostReserved, most / ReservedShare);
    private readonly Lock _lock = new();
    private long? _saidAt;
    private long _closed;

    /// <summary>Whether a connection may have this descriptor; if not it is to be closed, which is counted here.</summary>
    public bool Allows(int descriptor)
    {
        // The system gives the lowest number that is free: all below are taken.
        if (descriptor < _end) return true;
        Say(closed: 1);
        return false;
    }

    /// <summary>The system gave no descriptor at all: connections wait until one is free.</summary>
    public void RanOut() => Say(closed: 0);

    private void Say(int closed)
    {
        lock (_lock)
        {
            _closed += closed;
            if (_saidAt is { } saidAt && time.GetElapsedTime(saidAt) < SayEvery) return;
            _saidAt = time.GetTimestamp();
            LogFull(logger, most, _closed);
            _closed = 0;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "The limit of {Limit} open files is reached: {Closed} new connections were closed since this was last said. Raise it (ulimit -n, LimitNOFILE of a systemd unit, --ulimit nofile of a container) or add nodes")]
    private static partial void LogFull(ILogger logger, int limit, long closed);
}
