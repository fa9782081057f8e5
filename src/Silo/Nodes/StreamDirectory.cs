using Interactions.Contracts;
using Interactions.Contracts.Batches;
using Interactions.Contracts.Log;
using Interactions.Silo.Telemetry;
using Microsoft.Extensions.Logging;

namespace Interactions.Silo.Nodes;

/// <summary>
/// The directory of streams, itself a stream (<see cref="StreamIds.Directory"/>), open on every node. Its fold is
/// the newest row of each id and the changes that were begun and not finished; the first listing of an id decides its
/// owner, seed and store. Safe for concurrent callers.
/// </summary>
public sealed class StreamDirectory : ISystemFold, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly DirectoryRows _rows = new();
    private readonly DirectoryChanges _changes;
    private readonly SystemStream _stream;

    public StreamDirectory(IStreamLog log, TimeProvider time, ILogger<StreamDirectory> logger, SiloMetrics? metrics = null)
    {
        _changes = new DirectoryChanges(time);
        _stream = new SystemStream(log, StreamIds.Directory, this, time, logger, metrics);
    }

    /// <summary>Whether the directory was read: before that, nothing can be said of any stream.</summary>
    public bool IsOpen => _stream.IsOpen;

    /// <summary>Begins to read and follow the directory; the task completes when it was read, however long the log is away.</summary>
    public Task OpenAsync()
    {
        _stream.Start();
        return _stream.Opened;
    }

    /// <summary>The row of a stream that is there; null if there is none or it is being deleted.</summary>
    /// <exception cref="LogUnavailableException">The directory was not read yet.</exception>
    public DirectoryRow? Find(string id)
    {
        RequireOpen();
        lock (_gate) return _rows.Find(id);
    }

    /// <summary>Which of the log's stores has the stream, also while it is being deleted; null if that is not known.</summary>
    /// <exception cref="LogUnavailableException">The directory was not read yet.</exception>
    public string? StoreOf(string id)
    {
        RequireOpen();
        lock (_gate) return (_rows.Find(id) ?? _changes.DeletionOf(id)?.Deleted)?.Store;
    }

    /// <summary>Up to <paramref name="limit"/> rows in the order of their ids.</summary>
    /// <param name="prefix">What their ids begin with.</param>
    /// <param name="after">What their ids come after.</param>
    /// <exception cref="LogUnavailableException">The directory was not read yet.</exception>
    public IReadOnlyList<DirectoryRow> Page(StreamStatus? status, string prefix, string after, int limit)
    {
        RequireOpen();
        lock (_gate) return _rows.Page(status, prefix, after, limit);
    }

    /// <summary>Asks the log for the directory's head: fails or hangs when the log does.</summary>
    public Task ProbeAsync(CancellationToken cancellationToken) => _stream.ProbeAsync(cancellationToken);

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>How many streams a user owns, with those of these ids that are not listed yet.</summary>
    internal int OwnedBy(string user, IEnumerable<string> creating)
    {
        lock (_gate) return _rows.OwnedBy(user) + creating.Count(id => _rows.Find(id) is null);
    }

    /// <summary>Lists a stream, as a change that is to be finished.</summary>
    /// <returns>False if the id is taken, or not free again yet.</returns>
    internal async Task<bool> BeginCreationAsync(DirectoryRow row, string change, SettingsPatch settings)
    {
        await _stream.AppendAsync(() => [Listing(row), new StreamChanging(row.Id, row.Seed, change, settings)]);
        lock (_gate) return IsListed(row.Id, row.Seed);
    }

    /// <summary>Says that the stream is about to change.</summary>
    /// <returns>False if it is not there any more.</returns>
    internal async Task<bool> BeginAsync(DirectoryRow row, string change)
    {
        await _stream.AppendAsync(() => [new StreamChanging(row.Id, row.Seed, change)]);
        lock (_gate) return IsListed(row.Id, row.Seed);
    }

    /// <summary>Says what the stream shows.</summary>
    /// <param name="change">What is finished by this, if anything.</param>
    /// <param name="shown">Asked right before it is appended.</param>
    internal Task FinishAsync(DirectoryRow row, string? change, Func<(string Title, StreamStatus Status)> shown) => _stream.AppendAsync(() =>
    {
        var (title, status) = shown();
        return [new StreamChanged(row.Id, row.Seed, title, status, change)];
    });

    /// <summary>Takes the stream away from everyone, before its log is erased.</summary>
    /// <returns>False if it is not there any more, or if another deletion was first.</returns>
    internal async Task<bool> BeginDeletionAsync(DirectoryRow row, string change)
    {
        await _stream.AppendAsync(() => [new StreamDeleting(row.Id, row.Seed, change)]);
        lock (_gate) return _changes.DeletionOf(row.Id)?.Name == change;
    }

    /// <summary>Says that the stream's log is erased: its id is free.</summary>
    internal Task FinishDeletionAsync(DirectoryRow row) => _stream.AppendAsync(() => [new StreamUnlisted(row.Id, row.Seed)]);

    /// <summary>Changes of this stream that were begun and not finished.</summary>
    internal IReadOnlyList<OpenChange> ChangesOf(string id, ulong seed)
    {
        lock (_gate) return _changes.Of(id, seed);
    }

    /// <summary>Changes that were begun at least so long ago, as far as this node knows, and not finished.</summary>
    internal IReadOnlyList<OpenChange> Unfinished(TimeSpan age)
    {
        if (!IsOpen) return [];
        lock (_gate) return _changes.OlderThan(age);
    }

    /// <summary>Counts the age of an open change from now.</summary>
    internal void Postpone(OpenChange change)
    {
        lock (_gate) _changes.Postpone(change);
    }

    void ISystemFold.Restart(IReadOnlyList<Batch> batches)
    {
        lock (_gate)
        {
            _rows.Clear();
            _changes.Clear();
            foreach (var batch in batches) Add(batch);
        }
    }

    void ISystemFold.Apply(Batch batch)
    {
        lock (_gate) Add(batch);
    }

    Batch ISystemFold.Save()
    {
        lock (_gate)
        {
            var rows = _rows.All.Concat(_changes.Deletions.Select(deletion => deletion.Deleted!)).Select(Listing);
            var changes = _changes.All.Select(change => change.Deleted is null
                ? (BatchItem)new StreamChanging(change.Id, change.Seed, change.Name, change.Creation)
                : new StreamDeleting(change.Id, change.Seed, change.Name));
            return new Batch(0, [.. rows, .. changes]);
        }
    }

    private void RequireOpen()
    {
        if (!IsOpen) throw new LogUnavailableException("The directory of streams was not read yet.");
    }

    private static StreamListed Listing(DirectoryRow row) =>
        new(row.Id, row.Owner, row.Title, row.Status, row.Seed, row.CreatedAtMs, row.Store);

    private bool IsListed(string id, ulong seed) => _rows.Find(id)?.Seed == seed;

    private void Add(Batch batch)
    {
        foreach (var item in batch.Items)
        {
            switch (item)
            {
                case StreamListed listed:
                    Add(listed);
                    break;
                case StreamChanging changing when IsListed(changing.Id, changing.Seed):
                    _changes.Add(new(changing.Change, changing.Id, changing.Seed, changing.Creation, null));
                    break;
                case StreamChanged changed:
                    if (IsListed(changed.Id, changed.Seed)) _rows.Set(_rows.Find(changed.Id)! with { Title = changed.Title, Status = changed.Status });
                    if (changed.Change is { } finished) _changes.Remove(finished);
                    break;
                case StreamDeleting deleting when IsListed(deleting.Id, deleting.Seed):
                    _changes.Add(new(deleting.Change, deleting.Id, deleting.Seed, null, _rows.Find(deleting.Id)));
                    _rows.Remove(deleting.Id);
                    break;
                case StreamUnlisted gone:
                    if ((_rows.Find(gone.Id) ?? _changes.DeletionOf(gone.Id)?.Deleted) is not { } row || (gone.Seed ?? row.Seed) != row.Seed) break;
                    _rows.Remove(gone.Id);
                    _changes.RemoveOf(gone.Id, row.Seed);
                    break;
            }
        }
    }

    private void Add(StreamListed listed)
    {
        if (_changes.DeletionOf(listed.Id) is not null) return;
        var known = _rows.Find(listed.Id);
        if (known is null)
        {
            _rows.Set(new(listed.Id, listed.Owner, listed.Title, listed.Status, listed.Seed, listed.CreatedAtMs, listed.Store));
        }
        else if (known.Seed == listed.Seed)
        {
            _rows.Set(known with { Title = listed.Title, Status = (StreamStatus)Math.Max((byte)known.Status, (byte)listed.Status) });
        }
    }
}
