using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Nodes;

/// <summary>
/// The directory of streams, itself a stream (<see cref="StreamIds.Directory"/>), open on every node. Its fold is
/// the newest row of each id; the first listing of an id decides its owner, seed and store.
/// </summary>
public sealed class StreamDirectory : ISystemFold, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, DirectoryRow> _rows = new(StringComparer.Ordinal);
    private readonly SystemStream _stream;

    public StreamDirectory(IStreamLog log, TimeProvider time, ILogger<StreamDirectory> logger, SiloMetrics? metrics = null) =>
        _stream = new SystemStream(log, StreamIds.Directory, this, time, logger, metrics);

    /// <summary>Whether the directory was read: before that, nothing can be said of any stream.</summary>
    public bool IsOpen => _stream.IsOpen;

    /// <summary>Begins to read and follow the directory; the task completes when it was read, however long the log is away.</summary>
    public Task OpenAsync()
    {
        _stream.Start();
        return _stream.Opened;
    }

    /// <exception cref="LogUnavailableException">The directory was not read yet.</exception>
    public DirectoryRow? Find(string id)
    {
        RequireOpen();
        lock (_gate) return _rows.GetValueOrDefault(id);
    }

    /// <summary>Up to <paramref name="limit"/> rows in the order of their ids, after one.</summary>
    /// <exception cref="LogUnavailableException">The directory was not read yet.</exception>
    public IReadOnlyList<DirectoryRow> Page(StreamStatus? status, string? after, int limit)
    {
        RequireOpen();
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
        await _stream.AppendAsync(Listing(row), cancellationToken);
        return Find(row.Id) ?? row;
    }

    public Task UnlistAsync(string id, CancellationToken cancellationToken) => _stream.AppendAsync(new StreamUnlisted(id), cancellationToken);

    /// <summary>Asks the log for the directory's head: fails or hangs when the log does.</summary>
    public Task ProbeAsync(CancellationToken cancellationToken) => _stream.ProbeAsync(cancellationToken);

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    void ISystemFold.Restart(IReadOnlyList<Batch> batches)
    {
        lock (_gate)
        {
            _rows.Clear();
            foreach (var batch in batches) Add(batch);
        }
    }

    void ISystemFold.Apply(Batch batch)
    {
        lock (_gate) Add(batch);
    }

    Batch ISystemFold.Save()
    {
        lock (_gate) return new Batch(0, [.. _rows.Values.Select(Listing)]);
    }

    private void RequireOpen()
    {
        if (!IsOpen) throw new LogUnavailableException("The directory of streams was not read yet.");
    }

    private static StreamListed Listing(DirectoryRow row) =>
        new(row.Id, row.Owner, row.Title, row.Status, row.Seed, row.CreatedAtMs, row.Store);

    private void Add(Batch batch)
    {
        foreach (var item in batch.Items)
        {
            if (item is StreamUnlisted gone) _rows.Remove(gone.Id);
            if (item is StreamListed listed) Add(listed);
        }
    }

    private void Add(StreamListed listed) => _rows[listed.Id] = _rows.TryGetValue(listed.Id, out var known)
        ? known with { Title = listed.Title, Status = (StreamStatus)Math.Max((byte)known.Status, (byte)listed.Status) }
        : new(listed.Id, listed.Owner, listed.Title, listed.Status, listed.Seed, listed.CreatedAtMs, listed.Store);
}
