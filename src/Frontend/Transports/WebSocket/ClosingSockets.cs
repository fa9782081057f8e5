using System.Collections.Concurrent;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>
/// WebSockets whose closing has begun: those that are not through with it after 5 s are cut. One timer for all, looking
/// once a second, and a queue in the order of time. Safe for concurrent callers.
/// </summary>
internal sealed class ClosingSockets : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<(long Since, FramedSocket Socket)> _leaving = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public ClosingSockets(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Cut(), null, LookEvery, LookEvery);
    }

    public void Add(FramedSocket socket) => _leaving.Enqueue((_time.GetTimestamp(), socket));

    public void Dispose() => _timer.Dispose();

    private void Cut()
    {
        while (_leaving.TryPeek(out var first) && _time.GetElapsedTime(first.Since) >= Within && _leaving.TryDequeue(out first))
        {
            // One that is closed already stays as it is.
            if (first.Socket.IsOpen) first.Socket.Cut();
        }
    }
}
