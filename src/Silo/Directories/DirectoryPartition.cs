using Interactions.Contracts;
using Interactions.Contracts.Directory;
using Interactions.Contracts.Log;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Directories;

/// <summary>
/// A partition of the directory: what waits goes into one entry of its log, one append at a time, and is answered when it is durable.
/// Knows nothing of Orleans; all its calls are turns of one scheduler.
/// </summary>
/// <param name="settle">Finishes what was begun and left.</param>
/// <param name="isAlone">Nobody else is at anything that this activation finds begun: it is settled at once.</param>
/// <param name="lost">Another activation has written: this one has to go.</param>
internal sealed class DirectoryPartition : IDisposable
{
    /// <summary>Settings of a stream take up to 10 KB, and an entry is to stay below 256 KB.</summary>
    private const int MostItems = 200;

    private const int MostItemsOfSettings = 20;

    /// <summary>What may wait for a log that does not answer.</summary>
    private const int MostWaiting = 2048;

    /// <summary>By then whoever asked has given up. What was not begun is not done behind their back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly DirectoryLog _log;
    private readonly IntentWatch _watch;
    private readonly TimeProvider _time;
    private readonly Action _lost;
    private readonly bool _isAlone;
    private readonly CancellationTokenSource _stopping = new();
    private List<Waiting> _waiting = [];
    private Task _writing = Task.CompletedTask;

    public DirectoryPartition(
        int partition, IStreamLog log, TimeProvider time, ILogger logger, SiloMetrics metrics, Func<DirectoryIntent, Task> settle, bool isAlone, Action lost)
    {
        (_time, _lost, _isAlone) = (time, lost, isAlone);
        _log = new DirectoryLog(partition, log, time, logger, metrics, lost);
        _watch = new IntentWatch(settle, name => _log.State.IsOpen(name), time, logger, _stopping.Token);
    }

    /// <summary>Whether it is at something that must not be left.</summary>
    public bool IsBusy => !_writing.IsCompleted || _watch.Count > 0;

    /// <summary>Completes when what was found left behind was tried to be settled once.</summary>
    public Task LeftTried => _watch.LeftTried;

    /// <summary>Reads what there is. Nothing else may be called before.</summary>
    /// <exception cref="LogUnavailableException">The log did not answer.</exception>
    /// <exception cref="LogDamagedException">What is stored is not what was written.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken = default)
    {
        await _log.LoadAsync(cancellationToken);
        foreach (var intent in _log.State.Intents) _watch.Add(intent, isLeft: _isAlone);
    }

    public async Task<DirectoryRow?> FindAsync(string id)
    {
        await BeFreshAsync();
        return _log.State.Find(id);
    }

    public async Task<IReadOnlyList<DirectoryRow>> PageAsync(StreamStatus? status, string prefix, string after, int limit)
    {
        await BeFreshAsync();
        return _log.State.Rows.Page(status, prefix, after, limit);
    }

    public async Task<IReadOnlyList<string>> OwnedByAsync(string user)
    {
        await BeFreshAsync();
        return [.. _log.State.Rows.OwnedBy(user)];
    }

    /// <summary>Stores an item, if it changes something.</summary>
    /// <returns>False when it may not happen.</returns>
    /// <exception cref="LogUnavailableException">The outcome is unknown.</exception>
    /// <exception cref="LogFullException">It was not taken.</exception>
    public Task<bool> TakeAsync(DirectoryItem item)
    {
        if (_log.IsLost || _stopping.IsCancellationRequested || _waiting.Count >= MostWaiting)
            return Task.FromException<bool>(new LogUnavailableException($"{_log.Name} takes nothing now."));
        var waiting = new Waiting(item, _time.GetTimestamp());
        _waiting.Add(waiting);
        if (_writing.IsCompleted) _writing = WriteAsync();
        return waiting.Answered.Task;
    }

    /// <summary>The store was started again, and may have lost what this activation holds.</summary>
    public Task RestoreAsync() => _log.RestoreAsync();

    /// <summary>Takes no more, and returns when what was taken is appended and answered.</summary>
    public async Task CloseAsync()
    {
        _log.Stop();
        await _stopping.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await _watch.EndedAsync();
        await _log.SavedAsync();
    }

    public void Dispose() => _stopping.Dispose();

    // Where there is no other process there is no other activation.
    private async Task BeFreshAsync()
    {
        if (_isAlone ? _log.IsLost : !await _log.IsNewestAsync()) throw new LogUnavailableException($"{_log.Name} is another activation's now.");
    }

    private async Task WriteAsync()
    {
        await Task.Yield(); // so that whoever comes now is in the same entry
        while (_waiting.Count > 0)
        {
            var batch = TakeBatch();
            if (batch.Count == 0) continue;
            try
            {
                await _log.AppendAsync([.. batch.Select(one => one.Item)]);
                foreach (var one in batch) Answer(one);
            }
            catch (Exception failed)
            {
                foreach (var one in batch) one.Answered.TrySetException(failed);
                if (failed is LogFullException) continue;
                foreach (var one in _waiting) one.Answered.TrySetException(failed);
                _waiting = [];
                _lost();
                return;
            }
        }
    }

    // At most one item of a stream, for the next one is judged by what this one leaves.
    private List<Waiting> TakeBatch()
    {
        List<Waiting> batch = [];
        List<Waiting> later = [];
        HashSet<string> streams = new(StringComparer.Ordinal);
        var settings = 0;
        foreach (var one in _waiting)
        {
            if (_time.GetElapsedTime(one.Since) > Patience)
            {
                one.Answered.TrySetException(new LogUnavailableException($"{_log.Name} has waited for its log for too long."));
            }
            else if (batch.Count == MostItems || settings == MostItemsOfSettings || !streams.Add(one.Item.Id))
            {
                later.Add(one);
            }
            else if (_log.State.Judge(one.Item) is var verdict and not Verdict.Take)
            {
                one.Answered.TrySetResult(verdict == Verdict.Done);
            }
            else
            {
                batch.Add(one);
                if (one.Item is IntentBegun { Intent.Settings: not null }) settings++;
            }
        }

        _waiting = later;
        return batch;
    }

    private void Answer(Waiting one)
    {
        if (one.Item is IntentBegun { Intent: var intent }) _watch.Add(_log.State.Intents.First(open => open.Name == intent.Name));
        one.Answered.TrySetResult(true);
    }

    private sealed record Waiting(DirectoryItem Item, long Since)
    {
        public TaskCompletionSource<bool> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
