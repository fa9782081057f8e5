using System.Net.WebSockets;
using System.Text.Json;
using Interactions.LoadTests.Checks;
using Interactions.LoadTests.Measuring;

namespace Interactions.LoadTests.Clients;

/// <summary>
/// Someone who watches: keeps a ledger of what it was shown, measures how old it was, and comes back from its
/// last position when cut off. Read its results after <see cref="StopAsync"/>.
/// </summary>
internal sealed class Viewer(IFrameSource source, TimeProvider time, IFrameObserver? observer = null) : IMessageHandler, IAsyncDisposable
{
    private static readonly TimeSpan BeforeReconnect = TimeSpan.FromMilliseconds(200);

    private readonly FrameReader _reader = new();
    private readonly SeenFrame _frame = new();
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;
    private long _frames;
    private volatile string? _lastError;

    public string Transport => source.Transport;

    public ViewerLedger Ledger { get; } = new();

    /// <summary>Receipt minus the frame's <c>oldest</c>; the service's clock has to be this machine's. To 1 ms, as <c>oldest</c> is.</summary>
    public Histogram SinceOldest { get; } = new();

    public bool MeasureOldest { get; set; } = true;

    /// <summary>Not null: what is measured is also reported to the service, where the transport can.</summary>
    public LatencyReports? Reports { get; init; }

    public long Frames => Volatile.Read(ref _frames);

    public int Disconnects { get; private set; }

    public string? LastError => _lastError;

    /// <summary>Returns at the first snapshot.</summary>
    public async Task StartAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        _watching = WatchAsync();
        try
        {
            await _joined.Task.WaitAsync(within, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"A viewer over {Transport} got no snapshot within {within.TotalSeconds} s ({_lastError ?? "no error"}).");
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _watching;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    public void OnMessage(MessageKind kind, ReadOnlySpan<byte> json)
    {
        var now = time.GetTimestamp();
        _reader.Read(kind, json, _frame);
        if (_frame.Kind is not (MessageKind.Snapshot or MessageKind.Frame)) return;
        if (_frame is { Kind: MessageKind.Frame, OldestMs: > 0 } && MeasureOldest)
        {
            var age = time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(_frame.OldestMs);
            SinceOldest.Record(age);
            Reports?.Add(age);
        }

        Ledger.Apply(_frame, now);
        observer?.OnFrame(_frame, now);
        Volatile.Write(ref _frames, _frames + 1);
        _joined.TrySetResult();
    }

    public ReadOnlyMemory<byte> NextToSend() => Reports?.Next(time.GetTimestamp()) ?? default;

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await source.WatchAsync(Ledger.Position, this, _stop.Token);
                _lastError = "the service closed the connection";
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is WebSocketException or HttpRequestException or IOException or InvalidOperationException or JsonException or OperationCanceledException)
            {
                _lastError = e.Message;
            }

            Disconnects++;
            await Task.Delay(BeforeReconnect, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
