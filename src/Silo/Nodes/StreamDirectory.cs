using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Nodes;

/// <summary>
/// The directory of streams, itself a stream (<see cref="StreamIds.Directory"/>), open on every node. Its fold is
/// the newest row of each id; the first listing of an id decides its owner and seed.
/// </summary>
public sealed partial class StreamDirectory(IStreamLog log, TimeProvider time, ILogger<StreamDirectory> logger) : IAsyncDisposable
{
    private const int SnapshotAfterEntries = 500;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _appending = new(1);
    private readonly SortedDictionary<string, DirectoryRow> _rows = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private readonly Dictionary<long, TaskCompletionSource> _unfolded = [];
    private LogProducer _producer = new(log, StreamIds.Directory, time);
    private Position _position = Position.Start;
    private Task _running = Task.CompletedTask;
    private int _entriesSinceSnapshot;

    /// <summary>Folds the directory up to its head and goes on following it.</summary>
    public async Task OpenAsync()
    {
        await LoadAsync();
        _running = FollowAsync();
    }

    public DirectoryRow? Find(string id)
    {
        lock (_gate) return _rows.GetValueOrDefault(id);
    }

    /// <summary>Up to <paramref name="limit"/> rows in the order of their ids, after one.</summary>
    public IReadOnlyList<DirectoryRow> Page(StreamStatus? status, string? after, int limit)
    {
        List<DirectoryRow> page = [];
        lock (_gate)
        {
            foreach (var row in _rows.Values)
            {
                if (after is not null && string.CompareOrdinal(row.Id, after) <= 0) continue;
                if (status is { } wanted && row.Status != wanted) continue;
                page.Add(row);
                if (page.Count == limit) break;
            }
        }

        return page;
    }

    /// <summary>Lists a stream or changes its row; returns the row that then stands.</summary>
    public async Task<DirectoryRow> ListAsync(DirectoryRow row, CancellationToken cancellationToken)
    {
        await AppendAsync(Listing(row), cancellationToken);
        return Find(row.Id) ?? row;
    }

    public Task UnlistAsync(string id, CancellationToken cancellationToken) => AppendAsync(new StreamUnlisted(id), cancellationToken);

    /// <summary>Asks the log for the directory's head: fails or hangs when the log does.</summary>
    public async Task ProbeAsync(CancellationToken cancellationToken) =>
        await log.ReadAsync(StreamIds.Directory, _position, 1, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
        _closing.Dispose();
        _appending.Dispose();
    }

    private async Task AppendAsync(BatchItem item, CancellationToken cancellationToken)
    {
        await _appending.WaitAsync(cancellationToken);
        TaskCompletionSource folded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            var batch = BatchCodec.Encode(new Batch(time.GetUtcNow().ToUnixTimeMilliseconds(), [item]));
            lock (_gate) _unfolded[_producer.Next] = folded;
            await _producer.AppendAsync(batch, _closing.Token);
        }
        catch (ProducerRefusedException)
        {
            _producer = new LogProducer(log, StreamIds.Directory, time);
            throw new LogUnavailableException("The directory's log began anew; try again.");
        }
        finally
        {
            _appending.Release();
        }

        await folded.Task.WaitAsync(TimeSpan.FromSeconds(5), time, cancellationToken);
    }

    private async Task LoadAsync()
    {
        var stored = await log.GetSnapshotAsync(StreamIds.Directory, cancellationToken: _closing.Token);
        lock (_gate)
        {
            _rows.Clear();
            _position = stored?.Position ?? Position.Start;
            if (stored is not null) Apply(BatchCodec.Decode(stored.State));
        }

        while (true)
        {
            var page = await log.ReadAsync(StreamIds.Directory, _position, 1000, _closing.Token);
            if (page.Status != ReadStatus.Ok) throw new PositionLostException(StreamIds.Directory, _position, page.Status);
            foreach (var entry in page.Entries) Fold(entry);
            if (page.Entries.Count == 0) return;
        }
    }

    private async Task FollowAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await foreach (var entry in log.TailAsync(StreamIds.Directory, _position, _closing.Token))
                {
                    Fold(entry);
                    if (++_entriesSinceSnapshot >= SnapshotAfterEntries) await SaveAsync();
                }

                return;
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                LogFailed(logger, failed);
                await Task.Delay(TimeSpan.FromMilliseconds(200), time, CancellationToken.None);
                if (failed is PositionLostException) await LoadAsync();
            }
        }
    }

    private void Fold(Entry entry)
    {
        var batch = BatchCodec.Decode(entry.Batch);
        TaskCompletionSource? folded = null;
        lock (_gate)
        {
            Apply(batch);
            _position = entry.Position;
            if (entry.Producer == _producer.Id) _unfolded.Remove(entry.Sequence, out folded);
        }

        folded?.SetResult();
    }

    private void Apply(Batch batch)
    {
        foreach (var item in batch.Items)
        {
            if (item is StreamUnlisted gone) _rows.Remove(gone.Id);
            if (item is not StreamListed listed) continue;
            _rows[listed.Id] = _rows.TryGetValue(listed.Id, out var known)
                ? known with { Title = listed.Title, Status = (StreamStatus)Math.Max((byte)known.Status, (byte)listed.Status) }
                : new(listed.Id, listed.Owner, listed.Title, listed.Status, listed.Seed, listed.CreatedAtMs, listed.Store);
        }
    }

    private static StreamListed Listing(DirectoryRow row) =>
        new(row.Id, row.Owner, row.Title, row.Status, row.Seed, row.CreatedAtMs, row.Store);

    // A snapshot is the batch that lists every row: the same fold reads it.
    private async Task SaveAsync()
    {
        _entriesSinceSnapshot = 0;
        LogSnapshot snapshot;
        lock (_gate)
        {
            List<BatchItem> rows = [];
            foreach (var row in _rows.Values) rows.Add(Listing(row));
            snapshot = new(_position, time.GetUtcNow().ToUnixTimeMilliseconds(), BatchCodec.Encode(new Batch(0, rows)));
        }

        await log.PutSnapshotAsync(StreamIds.Directory, snapshot, _closing.Token);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The directory's log could not be followed; trying again")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
