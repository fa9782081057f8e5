using System.Diagnostics.CodeAnalysis;
using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Nodes;

/// <summary>
/// One of the service's own streams, open on every node for as long as it runs: loaded, followed, appended to, and
/// picked up again by itself whatever the log does. What is appended while an append is under way goes into the next
/// entry together. Safe for concurrent callers.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A source without a timer holds nothing, and late callers may come.")]
internal sealed partial class SystemStream(IStreamLog log, string id, ISystemFold fold, TimeProvider time, ILogger logger, SiloMetrics? metrics) : IAsyncDisposable
{
    private const int SnapshotAfterEntries = 500;
    private const int MostAtOnce = 100;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<SystemAppend> _waiting = [];
    private readonly Dictionary<long, Appended> _unfolded = [];
    private LogProducer _producer = new(log, id, time, metrics);
    private Position _position = Position.Start;
    private Task _running = Task.CompletedTask;
    private int _entriesSinceSnapshot;
    private bool _appending;
    private volatile bool _isOpen;
    private bool _said;

    /// <summary>Completes when the fold has reached the head for the first time.</summary>
    public Task Opened => _opened.Task;

    /// <summary>False before the stream was read for the first time.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Begins to load and follow, for as long as it takes.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>Appends items in one piece; returns when the fold has them.</summary>
    /// <param name="make">Called once, when its turn has come.</param>
    /// <exception cref="LogUnavailableException">Whether they were taken, or will be, is unknown.</exception>
    /// <exception cref="LogFullException">They were not taken.</exception>
    public async Task AppendAsync(Func<IReadOnlyList<BatchItem>> make, CancellationToken cancellationToken = default)
    {
        var append = new SystemAppend(make);
        bool first;
        lock (_gate)
        {
            _waiting.Enqueue(append);
            first = !_appending;
            _appending = true;
        }

        if (first) _ = AppendWaitingAsync();
        try
        {
            await append.Folded.WaitAsync(AnswerWithin, time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new LogUnavailableException($"The log of {id} did not answer in time.", late);
        }
        finally
        {
            append.GiveUp();
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

    // One entry after the other, until nothing waits. What was taken goes on when nobody waits for it any more.
    private async Task AppendWaitingAsync()
    {
        while (true)
        {
            List<SystemAppend> taken = [];
            long sequence;
            lock (_gate)
            {
                while (taken.Count < MostAtOnce && _waiting.TryDequeue(out var next))
                {
                    if (next.Take()) taken.Add(next);
                }

                if (taken.Count == 0)
                {
                    _appending = false;
                    return;
                }

                sequence = _producer.Next;
                _unfolded[sequence] = new Appended(taken);
            }

            var (at, failed) = await AppendAsync(taken);
            if (failed is null)
            {
                if (at is { } position) StandsAt(sequence, position);
                continue;
            }

            lock (_gate)
            {
                _unfolded.Remove(sequence);
                if (failed.InnerException is ProducerRefusedException)
                {
                    // Of the entries before, too, nobody knows whether they are still there.
                    taken.AddRange(_unfolded.Values.SelectMany(static earlier => earlier.By));
                    _unfolded.Clear();
                    _producer = new LogProducer(log, id, time, metrics);
                }
            }

            foreach (var append in taken) append.Fail(failed);
        }
    }

    /// <returns>Where it stands, if there was anything to append, or why nothing was appended, or may not have been.</returns>
    private async Task<(Position? At, Exception? Failed)> AppendAsync(List<SystemAppend> taken)
    {
        try
        {
            List<BatchItem> items = [];
            foreach (var append in taken) append.AddTo(items);
            if (items.Count == 0) return (null, null);
            var result = await _producer.AppendAsync(BatchCodec.Encode(new Batch(time.GetUtcNow().ToUnixTimeMilliseconds(), items)), _closing.Token);
            return (result.Position, null);
        }
        catch (ProducerRefusedException refused)
        {
            return (null, new LogUnavailableException($"The log of {id} began anew; try again.", refused));
        }
        catch (OperationCanceledException stopping) when (_closing.IsCancellationRequested)
        {
            return (null, new LogUnavailableException("The node is stopping.", stopping));
        }
        catch (Exception failed)
        {
            return (null, failed);
        }
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
                if (failed is LogDamagedException && _opened.TrySetException(failed)) return;
                if (!_said) LogFailed(logger, id, failed is LogUnavailableException or LogDamagedException ? failed.Message : failed.ToString());
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
        List<KeyValuePair<long, Appended>> covered;
        lock (_gate)
        {
            _position = stored?.Position ?? Position.Start;
            covered = [.. _unfolded.Where(one => one.Value.At is { } at && IsFolded(at))];
            foreach (var (sequence, _) in covered) _unfolded.Remove(sequence);
        }

        foreach (var (_, appended) in covered) appended.Succeed();
        foreach (var entry in entries) MoveTo(entry);
    }

    // What another node's snapshot covers is never seen as an entry.
    private void StandsAt(long sequence, Position position)
    {
        Appended? covered = null;
        lock (_gate)
        {
            if (IsFolded(position)) _unfolded.Remove(sequence, out covered);
            else if (_unfolded.TryGetValue(sequence, out var unfolded)) unfolded.At = position;
        }

        covered?.Succeed();
    }

    private bool IsFolded(Position position) => position.Epoch == _position.Epoch && position.Offset <= _position.Offset;

    private void MoveTo(Entry entry)
    {
        Appended? folded = null;
        lock (_gate)
        {
            _position = entry.Position;
            if (entry.Producer == _producer.Id) _unfolded.Remove(entry.Sequence, out folded);
        }

        folded?.Succeed();
    }

    private async Task SaveAsync()
    {
        _entriesSinceSnapshot = 0;
        await log.PutSnapshotAsync(
            id, new(_position, time.GetUtcNow().ToUnixTimeMilliseconds(), BatchCodec.Encode(fold.Save())), _closing.Token);
    }

    /// <summary>One entry that the fold does not have yet.</summary>
    private sealed class Appended(List<SystemAppend> by)
    {
        public List<SystemAppend> By => by;

        /// <summary>Where it stands; null until the log has answered.</summary>
        public Position? At { get; set; }

        public void Succeed()
        {
            foreach (var append in by) append.Succeed();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log of {Stream} can't be followed; trying again until it can: {Reason}")]
    private static partial void LogFailed(ILogger logger, string stream, string reason);
}
