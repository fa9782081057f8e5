using System.Net.Sockets;
using Interactions.LoadTests.Measuring;

namespace Interactions.LoadTests.Running;

/// <summary>
/// Looks every second whether the service is still there: whether its process lives or, where that is not known, whether its
/// addresses take connections. A process is looked at alone, because some servers take any connection for a viewer.
/// </summary>
internal sealed class ServiceWatch : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(7);

    private readonly ServerProcess? _server;
    private readonly IReadOnlyList<Uri> _addresses;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly CancellationTokenSource _gone = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private bool _wasReached;

    public ServiceWatch(ServerProcess? server, IReadOnlyList<Uri> addresses, TimeProvider time)
    {
        (_server, _addresses, _time, _started) = (server, addresses, time, time.GetTimestamp());
        _watching = WatchAsync();
    }

    /// <summary>Cancelled once the service is gone.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>How long it was there, as far as is known.</summary>
    public TimeSpan Lasted { get; private set; }

    /// <summary>Looks now: something failed, and this may be why.</summary>
    public bool HasGone() => _gone.IsCancellationRequested || (_server is not null && !_server.IsAlive);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _gone.Dispose();
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Every, _time);
        try
        {
            do
            {
                if (_server?.IsAlive ?? await AnswersAsync()) (Lasted, _wasReached) = (_time.GetElapsedTime(_started), true);
                else if (_server is not null || (_wasReached && _time.GetElapsedTime(_started) - Lasted > Patience)) await _gone.CancelAsync();
            }
            while (!_gone.IsCancellationRequested && await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task<bool> AnswersAsync()
    {
        foreach (var address in _addresses)
        {
            using var late = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            late.CancelAfter(AnswerWithin);
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(address.Host, address.Port, late.Token);
            }
            catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !_stop.IsCancellationRequested))
            {
                return false;
            }
        }

        return true;
    }
}
