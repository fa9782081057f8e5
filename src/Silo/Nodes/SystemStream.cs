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
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

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

    /// <summary>False before the stream was read for the first time.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Begins to load and follow, for as long as it takes.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>What time it is for the log.</summary>
    public LogClock Clock { get; } = new(time);

    /// <summary>Appends one item; returns when the fold has it.</summary>
    /// <exception cref="LogUnavailableException">Whether it was taken, or will be, is unknown.</exception>
    /// <exception cref="LogFullException">It was not taken.</exception>
    public async Task AppendAsync(BatchItem item, CancellationToken cancellationToken)
    {
        if (!await _appending.WaitAsync(AnswerWithin, cancellationToken)) throw new LogUnavailableException($"The log of {id} does not answer.");
        try
        {
            // What was begun goes on when nobody waits any more, and the next one has to wait for it.
            var appending = AppendInTurnAsync(item);
            _ = appending.ContinueWith(static ended => _ = ended.Exception, TaskScheduler.Default);
            await appending.WaitAsync(AnswerWithin, time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new LogUnavailableException($"The log of {id} did not answer in time.", late);
        }
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

    // Returns the turn to append as soon as the log has it, and ends when the fold has it.
    private async Task AppendInTurnAsync(BatchItem item)
    {
        TaskCompletionSource folded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var batch = BatchCodec.Encode(new Batch(time.GetUtcNow().ToUnixTimeMilliseconds(), [item]));
            lock (_gate) _unfolded[_producer.Next] = folded;
            await _producer.AppendAsync(batch, _closing.Token);
        }
        catch (ProducerRefusedException refused)
        {
            lock (_gate)
            {
                _unfolded.Clear();
                _producer = new LogProducer(log, id, time, metrics);
            }

            throw new LogUnavailableException($"The log of {id} began anew; try again.", refused);
        }
        finally
        {
            _appending.Release();
        }

        await folded.Task;
    }

    private async Task RunAsync()
    {
        var isLoaded = false;
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                if (!isLoaded) await LoadAsync();
                isLoaded = true;
                _isOpen = true;
                _said = false;
                _opened.TrySetResult();
                await foreach (var entry in log.TailAsync(id, _position, _closing.Token))
                {
                    Clock.Hear(entry.AtMs);
                    fold.Apply(BatchCodec.Decode(entry.Batch));
                    MoveTo(entry);
                    if (++_entriesSinceSnapshot >= SnapshotAfterEntries) await SaveAsync();
                }

                isLoaded = false; // deleted by hand
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                if (failed is PositionLostException) isLoaded = false;
                if (!_said) LogFailed(logger, id, failed is LogUnavailableException ? failed.Message : failed.ToString());
                _said = true;
                await Task.Delay(RetryAfter, time, CancellationToken.None);
            }
        }
    }

    // What was known stays until all of the new is there: nobody is told that a stream does not exist meanwhile.
    private async Task LoadAsync()
    {
        var stored = await log.GetSnapshotAsync(id, cancellationToken: _closing.Token);
        List<Batch> batches = [];
        if (stored is not null) batches.Add(BatchCodec.Decode(stored.State));
        List<Entry> entries = [];
        for (var position = stored?.Position ?? Position.Start; ; position = entries[^1].Position)
        {
            var page = await log.ReadAsync(id, position, 1000, _closing.Token);
            if (page.Status != ReadStatus.Ok) throw new PositionLostException(id, position, page.Status);
            if (page.Entries.Count == 0) break;
            entries.AddRange(page.Entries);
        }

        batches.AddRange(entries.Select(entry => BatchCodec.Decode(entry.Batch)));
        fold.Restart(batches);
        _position = stored?.Position ?? Position.Start;
        foreach (var entry in entries) MoveTo(entry);
    }

    private void MoveTo(Entry entry)
    {
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
