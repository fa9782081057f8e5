using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Interactions.Tests.EndToEnd.Harness;

/// <summary>A TCP proxy on a port of its own that can be cut, slowed down and stalled while connections go through it.</summary>
internal sealed class FaultyLink : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<TcpClient> _open = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly Task _accepting;
    private TaskCompletionSource _flowing = Flowing();
    private volatile bool _isCut;

    /// <param name="target">The port on this machine that it leads to.</param>
    public FaultyLink(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What every byte is held back, in each direction.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Breaks all connections and lets none through.</summary>
    public void Cut()
    {
        _isCut = true;
        lock (_gate)
        {
            foreach (var client in _open) Break(client);
        }
    }

    /// <summary>Connections stay and nothing gets through, until <see cref="Mend"/>: then everything does.</summary>
    public void Stall() => _flowing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Mend()
    {
        _isCut = false;
        Delay = TimeSpan.Zero;
        _flowing.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Cut();
        _flowing.TrySetResult();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource();
        flowing.SetResult();
        return flowing;
    }

    private static void Break(TcpClient client)
    {
        try
        {
            client.LingerState = new LingerOption(true, 0);
            client.Close();
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Broken already.
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = JoinAsync(client);
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task JoinAsync(TcpClient near)
    {
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            lock (_gate)
            {
                _open.Add(near);
                _open.Add(far);
            }

            if (_isCut) return;
            await far.ConnectAsync(IPAddress.Loopback, _target);
            if (_isCut) return;
            await Task.WhenAny(PumpAsync(near.GetStream(), far.GetStream()), PumpAsync(far.GetStream(), near.GetStream()));
        }
        catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // One end broke; so does the other, below.
        }
        finally
        {
            lock (_gate)
            {
                _open.Remove(near);
                _open.Remove(far);
            }

            Break(near);
            Break(far);
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to)
    {
        var held = Channel.CreateUnbounded<(byte[] Bytes, long DueMs)>();
        var writing = WriteAsync(held.Reader, to);
        try
        {
            var buffer = new byte[64 << 10];
            while (await from.ReadAsync(buffer) is > 0 and var length)
                held.Writer.TryWrite((buffer[..length], Environment.TickCount64 + (long)Delay.TotalMilliseconds));
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // As if it had ended.
        }

        held.Writer.Complete();
        await writing;
    }

    private async Task WriteAsync(ChannelReader<(byte[] Bytes, long DueMs)> held, NetworkStream to)
    {
        try
        {
            await foreach (var (bytes, dueMs) in held.ReadAllAsync())
            {
                var wait = dueMs - Environment.TickCount64;
                if (wait > 0) await Task.Delay((int)wait);
                await _flowing.Task;
                await to.WriteAsync(bytes);
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The other end is gone; reading ends too.
        }
    }
}
