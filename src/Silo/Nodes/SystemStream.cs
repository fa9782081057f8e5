using System.Diagnostics.CodeAnalysis;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Nodes;

/// <summary>
/// One of the service's own streams, open on every node for as long as it runs: loaded, followed, appended to, and
/// picked up again by itself whatever the log does. Safe for concurrent callers.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A source without a timer and a semaphore without a handle hold nothing, and late callers may come.")]
internal sealed partial class SystemStream(IStreamLog log, string id, ISystemFold fold, TimeProvider time, ILogger logger, SiloMetrics? metrics) : IAsyncDisposable
{
    private const int SnapshotAfterEntries = 500;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FoldWithin = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _appending = new(1);
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<long, TaskCompletionSource> _unfolded = [];
    private LogProducer _producer = new(log, id, time, metrics);
    private Position _position = Position.Start;
    private Task _running = Task.CompletedTask;
    private int _entriesSinceSnapshot;
    private volatile bool _isOpen;
    private bool _said;

    /// <summary>Completes when the fold has reached the head for the first time.</summary>
    public Task Opened => _opened.Task;

    /// <summary>False before the stream was read, and while it is read anew.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Begins to load and follow, for as long as it takes.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>Appends one item; returns when the fold has it.</summary>
    /// <exception cref="LogUnavailableException">Whether it was taken is unknown.</exception>
    /// <exception cref="TimeoutException">The same, found out late.</exception>
    public async Task AppendAsync(BatchItem item, CancellationToken cancellationToken)
    {
        TaskCompletionSource folded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _appending.WaitAsync(cancellationToken);
        try
        {
            var batch = BatchCodec.Encode(new Batch(time.GetUtcNow().ToUnixTimeMilliseconds(), [item]));
            lock (_gate) _unfolded[_producer.Next] = folded;
            await _producer.AppendAsync(batch, _closing.Token);
        }
        catch (ProducerRefusedException)
        {
            lock (_gate)
            {
                _unfolded.Clear();
                _producer = new LogProducer(log, id, time, metrics);
            }

            throw new LogUnavailableException($"The log of {id} began anew; try again.");
        }
        finally
        {
            _appending.Release();
        }

        await folded.Task.WaitAsync(FoldWithin, time, cancellationToken);
    }

    /// <summary>Asks the log for the head: fails or hangs when the log does.</summary>
    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (!IsOpen) throw new LogUnavailableException($"{id} was not read yet.");
        Position position;
        lock (_gate) position = _position;
        await log.ReadAsync(id, position, 1, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
    }

    private async Task RunAsync()
    {
        var loaded = false;
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                if (!loaded) await LoadAsync();
                loaded = true;
                _isOpen = true;
                _said = false;
                _opened.TrySetResult();
                await foreach (var entry in log.TailAsync(id, _position, _closing.Token))
                {
                    Fold(entry);
                    if (++_entriesSinceSnapshot >= SnapshotAfterEntries) await SaveAsync();
                }

                loaded = false; // deleted by hand
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                if (failed is PositionLostException) loaded = false;
                if (!_said) LogFailed(logger, id, failed is LogUnavailableException ? failed.Message : failed.ToString());
                _said = true;
                await Task.Delay(RetryAfter, time, CancellationToken.None);
            }
        }
    }

    private async Task LoadAsync()
    {
        var stored = await log.GetSnapshotAsync(id, cancellationToken: _closing.Token);
        _isOpen = false;
        fold.Clear();
        lock (_gate) _position = stored?.Position ?? Position.Start;
        if (stored is not null) fold.Apply(BatchCodec.Decode(stored.State));
        while (true)
        {
            var page = await log.ReadAsync(id, _position, 1000, _closing.Token);
            if (page.Status != ReadStatus.Ok) throw new PositionLostException(id, _position, page.Status);
            foreach (var entry in page.Entries) Fold(entry);
            if (page.Entries.Count == 0) return;
        }
    }

    private void Fold(Entry entry)
    {
        fold.Apply(BatchCodec.Decode(entry.Batch));
        TaskCompletionSource? folded = null;
        lock (_gate)
        {
            _position = entry.Position;
            if (entry.Producer == _producer.Id) _unfolded.Remove(entry.Sequence, out folded);
        }

        folded?.SetResult();
    }

    private async Task SaveAsync()
    {
        _entriesSinceSnapshot = 0;
        await log.PutSnapshotAsync(
            id, new(_position, time.GetUtcNow().ToUnixTimeMilliseconds(), BatchCodec.Encode(fold.Save())), _closing.Token);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of {Stream} can't be followed; trying again until it can: {Reason}")]
    private static partial void LogFailed(ILogger logger, string stream, string reason);
}
